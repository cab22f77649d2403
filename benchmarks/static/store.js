"use strict";
// Reads what text_store.py packs: each distinct line once, and a text as the differences of its lines' numbers.

async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

class TextStore {
  constructor(packed) {
    this.packed = packed;
    this.lines = null;
    this.blocks = new Map();
  }

  // The text with this number; null for the number null.
  async text(number) {
    if (number === null || number === undefined) return null;
    const at = Math.floor(number / this.packed.block);
    if (!this.lines) this.lines = inflate(this.packed.lines);
    if (!this.blocks.has(at)) this.blocks.set(at, inflate(this.packed.texts[at]));
    const [lines, block] = await Promise.all([this.lines, this.blocks.get(at)]);
    const text = [];
    let line = 0;
    for (const step of block[number % this.packed.block]) {
      if (typeof step === "string") {
        for (let ones = Number(step); ones > 0; ones--) text.push(lines[++line]);
      } else {
        line += step;
        text.push(lines[line]);
      }
    }
    return text.join("\n");
  }
}

// An element with attributes and children; strings become text, never markup.
function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

function drawn(name, attributes = {}, text = null) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  return node;
}
