// What one mutant changes: a comparison, a bound, a check, a piece of arithmetic. Each operator gives, for a line, its mutated texts.

/** Replaces each match of `pattern` on its own. */
function each(pattern, replacement) {
  return (line) =>
    [...line.matchAll(pattern)].map((match) => {
      const text = typeof replacement === "function" ? replacement(match) : replacement;
      return line.slice(0, match.index) + text + line.slice(match.index + match[0].length);
    });
}

const swap = (from, to) => each(new RegExp(`(?<=[\\w)\\]] )${from}(?= [\\w(~-])`, "g"), to);
const yul = (from, to) => each(new RegExp(`\\b${from}\\(`, "g"), `${to}(`);
const nextNumber = ([text]) => String(Number(text.replaceAll("_", "")) + 1);

/** Names and functions of every operator; `assembly` ones apply inside assembly blocks only. */
export const operators = [
  { name: "< is <=", apply: swap("<", "<=") },
  { name: "<= is <", apply: swap("<=", "<") },
  { name: "> is >=", apply: swap(">", ">=") },
  { name: ">= is >", apply: swap(">=", ">") },
  { name: "== is !=", apply: swap("==", "!=") },
  { name: "!= is ==", apply: swap("!=", "==") },
  { name: "&& is ||", apply: swap("&&", "||") },
  { name: "|| is &&", apply: swap("\\|\\|", "&&") },
  { name: "+ is -", apply: swap("\\+", "-") },
  { name: "- is +", apply: swap("-", "+") },
  { name: "* is +", apply: swap("\\*", "+") },
  { name: "/ is *", apply: swap("/", "*") },
  { name: "<< is >>", apply: swap("<<", ">>") },
  { name: ">> is <<", apply: swap(">>", "<<") },
  { name: "& is |", apply: swap("&", "|") },
  { name: "| is &", apply: swap("\\|", "&") },
  { name: "no ~", apply: each(/~(?=[\w(])/g, "") },
  { name: "no !", apply: each(/!(?=[\w(])/g, "") },
  { name: "true is false", apply: each(/\btrue\b/g, "false") },
  { name: "false is true", apply: each(/(?<== |return )\bfalse\b/g, "true") },
  { name: "no increment", apply: each(/\+\+(?=_)/g, "") },
  { name: "number + 1", apply: each(/(?<=constant \w+ = |(?<![<>])[<>] )\b\d[\d_]*\b(?! days| hours| <<|x|\])/g, nextNumber) },
  { name: "other duration", apply: each(/\b365 days\b/g, "366 days") },
  { name: "other text", apply: each(/"[^"]+"/g, ([text]) => `${text.slice(0, -1)} "`) },
  { name: "no check", apply: (line) => (/^\s*if \(.*\) revert [^;]*;$/.test(line) ? [line.replace(/\S.*$/, "")] : []) },
  { name: "no requirement", apply: (line) => (/^\s*_(require|check)\w*\(.*\);$/.test(line) ? [line.replace(/\S.*$/, "")] : []) },
  { name: "no modifier", apply: each(/\b(nonReentrant|onlyGovernor|onlyGuardian)\b(?= \{|$)/g, "") },
  { name: "no early return", apply: (line) => (/^\s*if \(.*\) return[^;]*;$/.test(line) ? [line.replace(/\S.*$/, "")] : []) },
  {
    name: "another value signed",
    apply: each(/(?<=abi\.encode\(.*, )(nonce|deadline|epoch|id|safe|armNonce|adapter)(?=[,)])/g, "uint256(0)"),
  },
  { name: "another type signed", apply: each(/(?<=abi\.encode\()(?=[A-Z_]+_TYPE\b)/g, "~") },
  { name: "no delete", apply: (line) => (/^\s*delete /.test(line) ? [line.replace(/\S.*$/, "")] : []) },
  { name: "lt is gt", assembly: true, apply: yul("lt", "gt") },
  { name: "gt is lt", assembly: true, apply: yul("gt", "lt") },
  { name: "eq is xor", assembly: true, apply: yul("eq", "xor") },
  { name: "mul is add", assembly: true, apply: yul("mul", "add") },
  { name: "and is or", assembly: true, apply: yul("and", "or") },
];
