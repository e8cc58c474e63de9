import { encode } from "uqr";

const SVG = "http://www.w3.org/2000/svg";

/** A QR code as an image of its own, drawn here: no third party sees what is in it. */
export function qrCode(text: string, label: string): SVGSVGElement {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("data-text", text);
  for (const [name, attributes] of [
    ["rect", { width: String(size), height: String(size), fill: "#fff" }],
    ["path", { d: path, fill: "#000" }],
  ] as const) {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return svg;
}
