// The page: sends a text, shows what comes back. Text enters the document by textContent only, never as HTML.
// Offsets count Unicode code points, JavaScript's strings UTF-16 units: `points` cuts by code points.
"use strict";

const UNSURE = 0.6; // below this score a mention is marked with a question mark
const AUTHOR = "l’article";
const PEOPLE = ["people", "count"];

const at = (id) => document.getElementById(id);
let words = new Map(); // label → {name, family, what}
let reading = null; // the last answer
let hidden = new Set(); // labels that are not shown in the text

// ---------------------------------------------------------------- small helpers

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

const word = (label) => words.get(label) ?? { label, name: label, family: "other", what: "" };
const oneLine = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const plural = (count, one, many) => `${number(count)} ${count > 1 ? many : one}`;

function number(value) {
  return new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 }).format(value);
}

function say(text, alarm = false) {
  at("status").textContent = text;
  at("status").classList.toggle("alarm", alarm);
}

// How a figure was read as a number, as models/french.py writes it.
function bounds(claim) {
  const { low, best, high, qualifier } = claim;
  if (qualifier === "about" && best !== null) return `≈ ${number(best)}`;
  if (low !== null && high !== null) return low === high ? number(low) : `${number(low)} à ${number(high)}`;
  if (low !== null) return `≥ ${number(low)}`;
  const last = high ?? best;
  if (last === null) return "";
  return qualifier === "at_most" ? `≤ ${number(last)}` : number(last);
}

// ---------------------------------------------------------------- reading

async function read(event) {
  event?.preventDefault();
  const text = at("text").value;
  if (at("read").getAttribute("aria-disabled") === "true") return;
  if (!text.trim()) {
    say("Il n’y a rien à lire : collez d’abord un article.", true);
    at("text").focus();
    return;
  }
  at("read").setAttribute("aria-disabled", "true");
  say("Lecture en cours…");
  try {
    const request = at("date").value ? { text, date: at("date").value } : { text };
    const answer = await fetch("/read", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) });
    if (!answer.ok) throw new Error(await refusal(answer));
    show(await answer.json());
  } catch (error) {
    const lost = error instanceof TypeError;
    say(lost ? "Le service ne répond pas. Vérifiez qu’il est en marche, puis réessayez." : error.message, true);
  } finally {
    at("read").setAttribute("aria-disabled", "false");
  }
}

async function refusal(answer) {
  const known = {
    408: "L’envoi du texte a pris trop de temps. Réessayez.",
    413: "Ce texte est trop long pour le service. Lisez-le en plusieurs parties.",
    429: "Trop de lectures sont en cours. Réessayez dans quelques secondes.",
    503: "La lecture a pris trop de temps. Essayez un texte plus court, ou plus tard.",
  };
  if (answer.status in known) return known[answer.status];
  const { detail } = await answer.json().catch(() => ({}));
  return `Le service a refusé ce texte (${answer.status}${detail ? ` : ${detail}` : ""}).`;
}

function show(answer) {
  reading = answer;
  hidden = new Set();
  showText();
  showLegend();
  showClaims();
  showSides();
  at("results").hidden = false;
  say(`${plural(answer.spans.length, "mention reconnue", "mentions reconnues")}, ${
    plural(answer.claims.length, "chiffre relevé", "chiffres relevés")}.`);
  at("results").focus({ preventScroll: true });
  at("results").scrollIntoView({ block: "start" });
}

// ---------------------------------------------------------------- the text and its legend

function showText() {
  const points = Array.from(reading.text);
  const cut = (start, end) => points.slice(start, end).join("");
  const parts = [];
  let position = 0;
  for (const span of reading.spans) {
    if (span.start < position) continue; // of two that overlap the first is shown
    parts.push(...lines(cut(position, span.start)), mark(span, cut(span.start, span.end)));
    position = span.end;
  }
  at("article").replaceChildren(...parts, ...lines(cut(position)));
}

// The text with a little air at each line break; the characters stay as they are.
function lines(text) {
  return text.split(/(\n)/).filter(Boolean).map((part) => (part === "\n" ? make("span", { className: "break" }, part) : part));
}

const unsure = (span) => span.score !== null && span.score < UNSURE;

function mark(span, text) {
  const { name, family, what } = word(span.label);
  const sure = span.score === null ? "" : ` · confiance ${Math.round(100 * span.score)} %`;
  return make("mark", { className: family, id: `m${span.start}`, title: `${what || name}${sure}`, "data-label": span.label },
    text, make("small", {}, unsure(span) ? `${name} ?` : name));
}

function showLegend() {
  const counts = new Map();
  for (const { label } of reading.spans) counts.set(label, (counts.get(label) ?? 0) + 1);
  const order = [...words.keys(), ...counts.keys()];
  const present = [...new Set(order)].filter((label) => counts.has(label));
  const figures = present.filter((label) => PEOPLE.includes(word(label).family));
  const others = present.filter((label) => !figures.includes(label));
  const part = (title, labels) => labels.length
    ? [make("h3", {}, title), make("ul", { className: "chips" }, ...labels.map((label) => make("li", {}, chip(label, counts))))]
    : [];
  const tools = make("div", { className: "tools" },
    tool("Tout montrer", () => filter(new Set())), tool("Tout masquer", () => filter(new Set(present))), named());
  at("legend").replaceChildren(...part("Chiffres", figures), ...part("Mentions", others), present.length ? tools : "");
  if (reading.spans.some(unsure)) at("legend").append(make("p", { className: "help" }, "« ? » : lecture incertaine"));
  if (!present.length) at("legend").append(make("p", { className: "help" }, "Rien n’a été reconnu dans ce texte."));
}

function chip(label, counts) {
  const { name, family, what } = word(label);
  const button = make("button", { type: "button", className: `chip ${family}`, title: what, "aria-pressed": "true",
    "data-label": label }, make("i", { "aria-hidden": "true" }), make("span", {}, name), make("b", {}, String(counts.get(label))));
  button.addEventListener("click", () => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    filter(next);
  });
  return button;
}

function tool(text, act) {
  const button = make("button", { type: "button", className: "plain" }, text);
  button.addEventListener("click", act);
  return button;
}

function named() {
  const on = at("article").classList.contains("labelled");
  const button = tool("Nommer les mentions", () => {
    const now = at("article").classList.toggle("labelled");
    button.setAttribute("aria-pressed", String(now));
    button.textContent = now ? "Ne plus nommer" : "Nommer les mentions";
  });
  button.setAttribute("aria-pressed", String(on));
  if (on) button.textContent = "Ne plus nommer";
  return button;
}

function filter(next) {
  hidden = next;
  for (const node of at("article").querySelectorAll("mark")) node.classList.toggle("off", hidden.has(node.dataset.label));
  for (const node of at("legend").querySelectorAll(".chip")) {
    node.setAttribute("aria-pressed", String(!hidden.has(node.dataset.label)));
  }
}

// ---------------------------------------------------------------- claims and sources

function table(caption, head, ...bodies) {
  const titles = head.map((title) => make("th", { scope: "col", role: "columnheader" }, title));
  return make("table", { className: "cards", role: "table" }, make("caption", { className: "unseen" }, caption),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...titles)), ...bodies);
}

function cell(name, ...content) {
  const said = content.filter((part) => part !== null && part !== "");
  return said.length ? make("td", { role: "cell", "data-name": name }, ...said)
    : make("td", { role: "cell", className: "none", "data-name": name }, "–");
}

const figureLink = (claim) => make("a", { href: `#m${claim.start}` }, oneLine(claim.figure));
const small = (text) => (text ? make("small", {}, text) : null);
const source = (claim) => oneLine(claim.by) || AUTHOR;

function said(claim) {
  return [source(claim), small([oneLine(claim.cue) && `« ${oneLine(claim.cue)} »`, claim.hedged && "avec réserve"]
    .filter(Boolean).join(", "))];
}

function showClaims() {
  if (!reading.claims.length) {
    at("claims").replaceChildren(make("p", {}, "Aucun chiffre de victimes, de forces ou de matériel n’a été trouvé."));
    return;
  }
  const rows = reading.claims.map((claim) => make("tr", { role: "row" },
    make("th", { scope: "row", role: "rowheader" }, figureLink(claim)),
    cell("Compte", word(claim.label).name), cell("Qui ou quoi", oneLine(claim.who)), cell("Lu comme", bounds(claim)),
    cell("Selon", ...said(claim)), cell("Quand", oneLine(claim.when), small(claim.date)), cell("Où", oneLine(claim.where))));
  at("claims").replaceChildren(table("Les chiffres de l’article, dans l’ordre du texte",
    ["Chiffre", "Compte", "Qui ou quoi", "Lu comme", "Selon", "Quand", "Où"],
    make("tbody", { role: "rowgroup" }, ...rows)));
}

function showSides() {
  const shared = reading.confrontation.filter((side) => side.claims.length > 1);
  if (!shared.length) {
    at("sides").replaceChildren(make("p", {}, "Dans ce texte, aucun chiffre n’en rencontre un autre sur le même sujet."));
    return;
  }
  at("sides").replaceChildren(table("Les chiffres qui comptent la même chose, par sujet",
    ["Sujet", "Source", "Chiffre", "Lu comme", "≠"], ...shared.map(sideBody)));
}

function sideBody(side) {
  const rows = side.claims.map((place, row) => {
    const claim = reading.claims[place];
    const against = side.disjoint.filter((pair) => pair.includes(place)).map(([a, b]) => source(reading.claims[a === place ? b : a]));
    return make("tr", { role: "row", className: against.length ? "against" : "" }, row ? "" : subject(side),
      cell("Source", ...said(claim)), cell("Chiffre", figureLink(claim)), cell("Lu comme", bounds(claim)),
      cell("≠", against.length ? make("span", { className: "unequal" }, `≠ ${[...new Set(against)].join(", ")}`) : ""));
  });
  return make("tbody", { role: "rowgroup", className: "subject" }, ...rows);
}

function subject(side) {
  const first = reading.claims[side.claims[0]];
  const where = side.claims.map((place) => oneLine(reading.claims[place].where)).find(Boolean);
  const about = [word(first.label).name, where, side.subject.period].filter(Boolean).join(" · ");
  return make("th", { scope: "rowgroup", role: "rowheader", rowSpan: side.claims.length },
    make("b", {}, oneLine(first.who) || "non précisé"), about);
}

// ---------------------------------------------------------------- what the page answers to

function listen() {
  at("form").addEventListener("submit", read);
  at("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) read(event);
  });
  at("file").addEventListener("change", () => { open(at("file").files[0]); at("file").value = ""; });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    at("form").addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      at("form").classList.toggle("over", kind === "dragover");
      if (kind === "drop") open(event.dataTransfer.files[0]);
    });
  }
  at("csv").addEventListener("click", () => save(csv(reading.claims), "text/csv", "bilan-chiffres.csv"));
  at("jsonl").addEventListener("click", () => save(JSON.stringify(reading) + "\n", "application/jsonl", "bilan-lecture.jsonl"));
}

listen();
fetch("/labels").then((answer) => answer.json()).then((all) => {
  words = new Map(all.map((entry) => [entry.label, entry]));
  if (reading) show(reading);
}).catch(() => {}); // labels then stand for themselves; a reading says what is wrong
