// Files in and out: an article that is opened or dropped, the claims as CSV, the reading as it came.
"use strict";

const FORMULA = ["=", "+", "-", "@", "\t", "\r"]; // what a spreadsheet would run

function csv(claims) {
  const columns = Object.keys(claims[0] ?? { document: "" });
  const field = (value) => {
    if (value === null || value === undefined) return "";
    const text = typeof value === "string" && FORMULA.includes(value[0]) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...claims.map((claim) => columns.map((name) => claim[name]))]
    .map((row) => row.map(field).join(",") + "\r\n").join("");
}

function save(content, kind, name) {
  const url = URL.createObjectURL(new Blob([content], { type: `${kind};charset=utf-8` }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say(`${name} est enregistré.`);
}

async function open(file) {
  if (!file) return;
  try {
    let text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    const page = /\.html?$/i.test(file.name);
    if (page) text = mainText(text);
    at("text").value = text;
    say(`${file.name} est ouvert${page ? " : vérifiez le texte extrait de la page" : ""}.`);
    at("text").focus();
  } catch {
    say(`${file.name} n’est pas un texte en UTF-8. Enregistrez-le dans cet encodage, ou collez son texte.`, true);
  }
}

// The paragraphs of the article of a page, else of its body. A parsed document runs no script and loads nothing.
function mainText(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const root = page.querySelector("article") ?? page.querySelector("main") ?? page.body;
  for (const node of root.querySelectorAll("script, style, nav, aside, footer, form, noscript, template")) node.remove();
  const blocks = [...root.querySelectorAll("h1, h2, h3, p, li, blockquote")].filter((node) => !node.querySelector("p, li"));
  return (blocks.length ? blocks.map((node) => oneLine(node.textContent)).filter(Boolean).join("\n") : root.textContent.trim());
}
