/** The element of that id. @throws Error when page and script do not fit */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/** A new element with text in it. */
export function make<Name extends keyof HTMLElementTagNameMap>(name: Name, text = "", className = ""): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== "") made.className = className;
  return made;
}

/** A button that copies `text`, and says that it did. */
export function copyButton(text: string, what: string): HTMLButtonElement {
  const button = make("button", `Copy ${what}`, "small");
  button.type = "button";
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text).then(
      () => (button.textContent = "Copied"),
      () => (button.textContent = "Select and copy the text by hand"),
    );
  });
  return button;
}
