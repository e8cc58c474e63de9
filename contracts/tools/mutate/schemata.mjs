// All mutants of a file in one text: which of them is alive is asked at run time, so that hundreds of mutants cost one compilation.
// The switch is the balance of an address nobody owns (vm.deal in the tests' setUp); pure functions become view for that.
const SWITCH = "0x4D757461";

export const SWITCH_LIBRARY = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;
library Alive {
    function on(uint256 id) internal view returns (bool) { return address(${SWITCH}).balance == id; }
}
`;

const BLOCK_IF = /^((?:\} else )?if )\((.*)\) \{$/;
const DECLARATION = /^(?:[\w.[\]]+(?: memory| calldata| storage)? )(\w+) = [^=].*;$/;
/** Of a value type: it can be declared first and given its value in either way, also where giving it has an effect. */
const VALUE = /^(u?int\d+|bool|address|bytes\d+) (\w+) = ([^=].*);$/;
const TUPLE = /^\((.*)\) = [^=].*;$/;
const CONSTANT = /^(\w+) (?:private|internal|public) constant (\w+) = (.*);$/;
const ASSEMBLY_IF = /^if (.*) \{$/;
const ASSEMBLY_FOR = /^for \{\} (.*) (\{.*\} \{)$/;
const DOMAIN = /^(constructor\(\) EIP712\()"([^"]*)", "([^"]*)"(\) \{\})$/;
const EXPRESSION = /^(\w+: )?(.*?)(,?)$/;
const HEADER_MODIFIER = /\b(nonReentrant|onlyGovernor|onlyGuardian)\b/;
const STATEMENT = /^[\w(+].*;$/;

const codeOf = (line) => line.replace(/\s*\/\/.*$/, "");

/** The nearest line with code, before (-1) or after (1). */
function neighbour(lines, index, step) {
  for (let at = index + step; at >= 0 && at < lines.length; at += step) {
    const text = codeOf(lines[at]).trim();
    if (text !== "") return text;
  }
  return "";
}

/** A line with `mutants` [{id, after}] built in, or undefined where its form does not allow that. */
function build(line, mutants, { inside, before, after: behind }) {
  const own = line.trim();
  if (inside) return buildAssembly(own, mutants);
  if (/^(nonReentrant|onlyGovernor|onlyGuardian)$/.test(own)) return `${own}Unless(${mutants[0].id})`;
  if (DOMAIN.test(own)) return buildDomain(own, mutants);
  const starts = /[;{}]$/.test(before);
  if (!/[;{]$/.test(own)) return /[({,]$/.test(before) ? buildExpression(own, mutants) : undefined;
  if (!starts && !own.startsWith(")")) return undefined;
  if (behind.startsWith("else ")) return buildBranch(own, mutants);
  const blockIf = BLOCK_IF.exec(own);
  if (blockIf !== null) {
    const conditions = mutants.map(({ id, after }) => [id, BLOCK_IF.exec(after)?.[2]]);
    return `${blockIf[1]}(${conditions.reduce((rest, [id, condition]) => `Alive.on(${id}) ? (${condition}) : (${rest})`, blockIf[2])}) {`;
  }
  if (HEADER_MODIFIER.test(own) && /(^(function |\)).*\{$)/.test(own)) return own.replace(HEADER_MODIFIER, `$1Unless(${mutants[0].id})`);
  if (CONSTANT.test(own)) return buildConstant(own, mutants);
  const value = VALUE.exec(own);
  if (value !== null) {
    const [, type, name, expression] = value;
    const of = (after) => after.slice(after.indexOf(" = ") + 3, -1);
    const chosen = mutants.reduce(
      (rest, { id, after }) => `if (Alive.on(${id})) { ${name} = ${of(after)}; } else { ${rest} }`,
      `${name} = ${expression};`,
    );
    return `${type} ${name}; ${chosen}`;
  }
  const assigned = DECLARATION.exec(own)?.[1] ?? tupleNames(own);
  if (assigned !== undefined) {
    const again = mutants.map(({ id, after }) => ` if (Alive.on(${id})) ${assigned} = ${after.slice(after.indexOf(" = ") + 3)}`);
    return own + again.join("");
  }
  if (!STATEMENT.test(own)) return undefined;
  const [, other = ""] = /^(else )?/.exec(own);
  const bare = (text) => text.slice(text.startsWith("else ") ? 5 : 0);
  const chosen = mutants.reduce((rest, { id, after }) => `if (Alive.on(${id})) { ${bare(after)} } else { ${rest} }`, bare(own));
  return other === "" ? chosen : `else { ${chosen} }`;
}

/** `[else ]if (condition) statement;`, taken apart. */
function branch(text) {
  const head = /^(else )?if \(/.exec(text)?.[0];
  if (head === undefined) return undefined;
  let depth = 1;
  let at = head.length;
  for (; depth > 0 && at < text.length; ++at) depth += { "(": 1, ")": -1 }[text[at]] ?? 0;
  return { head, condition: text.slice(head.length, at - 1), body: text.slice(at + 1) };
}

/** A branch with an `else` behind it: what is chosen must stay inside the one statement. */
function buildBranch(own, mutants) {
  const whole = branch(own);
  if (whole === undefined) return undefined;
  const others = mutants.map(({ id, after }) => ({ id, ...branch(after) }));
  const condition = others.reduce((rest, other) => `Alive.on(${other.id}) ? (${other.condition}) : (${rest})`, whole.condition);
  const body = others.reduce((rest, other) => `if (Alive.on(${other.id})) { ${other.body} } else { ${rest} }`, whole.body);
  return `${whole.head}${condition}) { ${body} }`;
}

/** An argument on a line of its own. */
function buildExpression(own, mutants) {
  const [, name = "", expression, comma] = EXPRESSION.exec(own);
  const closed = (expression.match(/[({]/g) ?? []).length === (expression.match(/[)}]/g) ?? []).length;
  const several = withoutParentheses(expression).includes(",");
  if (!closed || several || /^([|&+*?:"-]|return\b)/.test(expression)) return undefined;
  const chosen = mutants.reduce((rest, { id, after }) => `Alive.on(${id}) ? ${EXPRESSION.exec(after)[2]} : (${rest})`, expression);
  return `${name}(${chosen})${comma}`;
}

function withoutParentheses(text) {
  const inner = text.replaceAll(/\([^()]*\)/g, "");
  return inner === text ? text : withoutParentheses(inner);
}

function buildDomain(own, mutants) {
  const [, head, name, version, tail] = DOMAIN.exec(own);
  const choose = (part, group) =>
    mutants.reduce((rest, { id, after }) => `Alive.on(${id}) ? string("${DOMAIN.exec(after)[group]}") : ${rest}`, `string("${part}")`);
  return `${head}${choose(name, 2)}, ${choose(version, 3)}${tail}`;
}

function tupleNames(own) {
  const tuple = TUPLE.exec(own);
  if (tuple === null || !/(^|, ?)\w+ /.test(tuple[1])) return undefined;
  return `(${tuple[1]
    .split(",")
    .map((part) => part.trim().split(" ").at(-1))
    .join(", ")})`;
}

/** The constant stays for whoever cannot ask (assembly, other constants); code asks a function. */
function buildConstant(own, mutants) {
  const [, type, name, value] = CONSTANT.exec(own);
  const chosen = mutants.reduce(
    (rest, { id, after }) => `Alive.on(${id}) ? ${type}(${CONSTANT.exec(after)?.[3]}) : (${rest})`,
    `${type}(${value})`,
  );
  return `${own} function ${name}_() internal view returns (${type}) { return ${chosen}; }`;
}

function buildAssembly(own, mutants) {
  const assignment = /^(?:let )?(\w+) := .*$/.exec(own);
  const alive = (id) => `eq(balance(${SWITCH}), ${id})`;
  if (assignment !== null) return own + mutants.map(({ id, after }) => ` if ${alive(id)} { ${after.replace(/^let /, "")} }`).join("");
  if (/^if .* \{.*\}$/.test(own) || /^\w+\(.*\)$/.test(own)) {
    return mutants.reduce((rest, { id, after }) => `switch ${alive(id)} case 1 { ${after} } default { ${rest} }`, own);
  }
  const loop = ASSEMBLY_FOR.exec(own);
  const form = loop === null ? ASSEMBLY_IF : ASSEMBLY_FOR;
  const block = form.exec(own);
  if (block === null || own.includes("call(")) return undefined;
  const either = (rest, { id, after }) => `or(and(${alive(id)}, ${form.exec(after)[1]}), and(iszero(${alive(id)}), ${rest}))`;
  const condition = mutants.reduce(either, block[1]);
  return loop === null ? `if ${condition} {` : `for {} ${condition} ${loop[2]}`;
}

/** A sum or product of plain numbers, as constants are written; undefined for anything else. */
function plainValue(expression) {
  if (!/^[\d_]+( [*+] [\d_]+)?$/.test(expression)) return undefined;
  const [left, operator, right] = expression.replaceAll("_", "").split(" ");
  if (operator === undefined) return Number(left);
  return operator === "*" ? left * right : Number(left) + Number(right);
}

/** Whether code or assembly of `lines` names the constant on `line`. A constant of another file's use stays as it is. */
function usesOf(lines, inside, line) {
  const name = CONSTANT.exec(line.trim())?.[2];
  const used = new RegExp(`\\b${name}\\b`);
  const named = lines.map((other, index) => used.test(other) && (inside[index] || !/^\s*\/\//.test(other)) && other !== line);
  return { name, code: named.some((is, index) => is && !inside[index]), assembly: named.some((is, index) => is && inside[index]) };
}

/** The constant as assembly reads it: its own value, and while a mutant is alive the difference more. */
function inAssembly(name, value, mutants) {
  const more = mutants.map(({ id, after }) => [id, plainValue(CONSTANT.exec(after)?.[3] ?? "") - plainValue(value)]);
  return more.reduce((rest, [id, difference]) => {
    const changed = difference < 0 ? `sub(${rest}, ${-difference})` : `add(${rest}, ${difference})`;
    return `add(mul(eq(balance(${SWITCH}), ${id}), sub(${changed}, ${rest})), ${rest})`;
  }, name);
}

/** A second form of each modifier that lets everybody pass while its mutant is alive. */
function withModifiers(text) {
  return text.replaceAll(
    /modifier (\w+)\(\) \{([\s\S]*?)\n {4}\}/g,
    (whole, name, body) => `${whole}\n    modifier ${name}Unless(uint256 id) { if (Alive.on(id)) { _; } else {${body}\n    } }`,
  );
}

/** Uses of the constants that have a function now. */
function withConstants(text, names, inside) {
  if (names.length === 0) return text;
  const uses = new RegExp(`(?<!\\[)\\b(${names.join("|")})\\b(?!_)`, "g");
  return text
    .split("\n")
    .map((line, index) => (inside[index] || / constant /.test(line) ? line : line.replaceAll(uses, "$1_()")))
    .join("\n");
}

/**
 * @param lines of the file, and which of them are assembly
 * @param mutants of this file, each with its own id
 * @returns the text with every mutant that fits in, and the ids of those
 */
export function buildSchemata(lines, inside, mutants) {
  const built = [];
  const constants = [];
  const assembled = [];
  const next = lines.map((line, index) => {
    const here = mutants.filter((mutant) => mutant.line === index + 1);
    if (here.length === 0) return line;
    const uses = CONSTANT.test(line.trim()) ? usesOf(lines, inside, line) : undefined;
    if (uses !== undefined && !uses.code && !uses.assembly) return line;
    if (uses?.assembly) {
      const value = CONSTANT.exec(line.trim())[3];
      if (plainValue(value) === undefined) return line;
      assembled.push([uses.name, inAssembly(uses.name, value, here)]);
    }
    const text = build(codeOf(line), here, {
      inside: inside[index],
      before: neighbour(lines, index, -1),
      after: neighbour(lines, index, 1),
    });
    if (text === undefined) return line;
    built.push(...here.map(({ id }) => id));
    const constant = CONSTANT.exec(line.trim());
    if (constant !== null) constants.push(constant[2]);
    return text;
  });
  const spelled = next.map((line, index) =>
    inside[index]
      ? assembled.reduce((rest, [name, expression]) => rest.replaceAll(new RegExp(`\\b${name}\\b`, "g"), expression), line)
      : line,
  );
  const text = withModifiers(withConstants(spelled.join("\n"), constants, inside));
  const view = text.replaceAll(/\bpure\b/g, "view").replace(/(pragma solidity [^;]*;)/, '$1\nimport {Alive} from "src/Alive.sol";');
  return { text: view, built: new Set(built) };
}
