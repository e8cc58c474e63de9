// Bundles the emergency page into one self-contained document for lifeline and its offline kit, or with --check says that it differs.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./lib/paths.mjs";

const page = join(root, "clients/emergency-kit/page");
const target = join(root, "services/lifeline/src/generated/emergency-page.json");

const bundle = await rolldown({ input: join(page, "main.ts"), platform: "browser", logLevel: "warn" });
const { output } = await bundle.generate({ format: "iife", minify: true, comments: false });
if (output.length !== 1) throw new Error("the emergency page must be one script");
const script = output[0].code.trim().replaceAll("</script", "<\\/script");
const style = readFileSync(join(page, "page.css"), "utf8").replaceAll("\n", "");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "img-src data:",
  "connect-src __CONNECT__",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
// Replaced by functions: a "$&" in the script is no pattern.
const html = readFileSync(join(page, "page.html"), "utf8")
  .replace("__STYLE__", () => style)
  .replace("__SCRIPT__", () => script);
const text = `${JSON.stringify({ policy, html }, undefined, 2)}\n`;

const same = existsSync(target) && readFileSync(target, "utf8") === text;
const check = process.argv.includes("--check");
if (!check && !same) writeFileSync(target, text);
console.log(`emergency-page.json ${same ? "is up to date" : check ? "differs; run npm run generate" : "written"} (${text.length} bytes)`);
process.exit(check && !same ? 1 : 0);
