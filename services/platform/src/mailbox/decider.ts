/** The pure heart of an aggregate: what a command comes to, and what an event changes. */
export interface Decider<State, Command, Event> {
  readonly initial: State;
  /** Events of `command` in `state`, none when it is so already; throws when it is refused. */
  decide(state: State, command: Command): readonly Event[];
  evolve(state: State, event: Event): State;
}
