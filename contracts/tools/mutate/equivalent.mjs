// Mutants that no test can kill, each with the proof that it changes nothing. A proof whose mutant is no longer made fails the campaign.
export const EQUIVALENT = [];
