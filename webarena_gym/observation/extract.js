// nodes.py, names.py and controls.py inside a browser: the same nodes from the same document, by the same rules.
// One function of a command: {op: "read"} gives the page; {op: "document"} what an evaluator reads;
// {op: "act", kind, id, ...} acts on the element with that id and gives {ok, ...} or {error}. The DOM is never changed
// by reading. Unlike nodes.py it also leaves out what a style sheet hides, which on our own sites nothing does.
(command) => {
  const words = (text) => new Set(text.split(" "));
  const BLOCK = words("address article aside blockquote body caption center dd details dialog dir div dl dt fieldset " +
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p " +
    "pre search section summary table tbody td tfoot th thead tr ul");
  const UNRENDERED = words("area base canvas datalist embed frame frameset head iframe link meta noframes noscript " +
    "object param script source style svg template title track video audio");
  const INTERACTIVE_TAGS = words("a button input select summary textarea");
  const INTERACTIVE_ROLES = words("button checkbox combobox link listbox menuitem menuitemcheckbox menuitemradio option " +
    "radio searchbox slider spinbutton switch tab textbox");
  const LANDMARK_ROLES = words("alert alertdialog banner complementary contentinfo dialog main navigation region search " +
    "status tabpanel");
  const LANDMARK_TAGS = {main: "main", nav: "navigation", aside: "complementary", search: "search", dialog: "dialog"};
  const SECTIONING = words("article aside main nav section");
  const BLOCKS_IMPLICIT = words("text search tel url email password date month week time datetime-local number");
  const CONTROLS = "a, button, input, select, textarea";
  const INPUT_ROLES = {checkbox: "checkbox", radio: "radio", number: "spinbutton", range: "slider", search: "searchbox",
    submit: "button", reset: "button", button: "button", image: "button", file: "button"};
  const BUTTON_NAMES = {submit: "Submit", reset: "Reset", image: "Submit"};
  const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
  const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
  const collapse = (text) => text.replace(INVISIBLE, "").replace(SPACE, " ").replace(/^ | $/g, "");
  const attr = (el, name) => el.getAttribute(name) || "";
  const tagOf = (el) => el.localName;
  const remote = command.remote === true; // other people's pages: believe style sheets, offer script-driven elements

  const unstyled = (el) => remote && !(el.checkVisibility ? el.checkVisibility({visibilityProperty: true}) : true);
  const isHidden = (el) => UNRENDERED.has(tagOf(el)) || el.hasAttribute("hidden") ||
    (tagOf(el) === "dialog" && !el.open) || (tagOf(el) === "input" && el.type === "hidden") || unstyled(el);
  const interactiveRole = (el) => {
    const tag = tagOf(el);
    let native = null;
    if (tag === "a") native = el.hasAttribute("href") ? "link" : null;
    else if (tag === "button" || tag === "summary") native = "button";
    else if (tag === "input") native = el.hasAttribute("list") && ["text", "search", "email", "tel", "url"].includes(el.type)
      ? "combobox" : INPUT_ROLES[el.type] || "textbox";
    else if (tag === "select") native = el.multiple ? "listbox" : "combobox";
    else if (tag === "textarea") native = "textbox";
    const explicit = attr(el, "role").trim();
    if (native === null && remote && (INTERACTIVE_ROLES.has(explicit) || el.isContentEditable && !el.parentElement.isContentEditable))
      return explicit || "textbox";
    return native !== null && INTERACTIVE_ROLES.has(explicit) ? explicit : native;
  };
  const optionLabel = (option) => collapse(attr(option, "label") || option.textContent);
  const chosenLabels = (select) => [...select.options].filter((o) => o.selected).map(optionLabel);
  const isDisabled = (el) => el.matches(":disabled");

  const content = (el, excluding) => {
    let text = "";
    for (const child of el.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) text += child.data;
      else if (child.nodeType === Node.ELEMENT_NODE && child !== excluding) text += childContent(child, excluding);
    }
    return text;
  };
  const childContent = (child, excluding) => {
    const tag = tagOf(child);
    if (tag === "br") return " ";
    if (isHidden(child)) return "";
    let text;
    if (attr(child, "aria-label")) text = attr(child, "aria-label");
    else if (tag === "img") text = attr(child, "alt") || attr(child, "title");
    else if (tag === "input") text = ["checkbox", "radio", "file"].includes(child.type) ? "" : child.value;
    else if (tag === "textarea") text = child.value;
    else if (tag === "select") text = chosenLabels(child).join(" ");
    else text = content(child, excluding);
    return BLOCK.has(tag) ? ` ${text} ` : text;
  };
  const labelName = (el) => [...(el.labels || [])].filter((label) => !isHidden(label))
    .map((label) => collapse(content(label, el))).filter((part) => part).join(" ");
  const inputName = (el) => {
    const kind = el.type;
    if (["submit", "reset", "button"].includes(kind))
      return collapse(attr(el, "value")) || (attr(el, "title") ? "" : BUTTON_NAMES[kind] || "");
    const label = labelName(el);
    if (label) return label;
    if (kind === "image") return collapse(attr(el, "alt")) || (attr(el, "title") ? "" : "Submit");
    return kind === "file" ? "Choose File" : "";
  };
  const nameOf = (el) => {
    const references = attr(el, "aria-labelledby");
    if (references) {
      const found = references.split(/\s+/).map((id) => id && document.getElementById(id)).filter((target) => target);
      const name = collapse(found.map((target) => content(target)).join(" "));
      if (name) return name;
    }
    if (collapse(attr(el, "aria-label"))) return collapse(attr(el, "aria-label"));
    const tag = tagOf(el);
    let name;
    if (tag === "input") name = inputName(el);
    else if (tag === "select" || tag === "textarea") name = labelName(el);
    else name = collapse(content(el));
    return name || collapse(attr(el, "title")) || (tag === "input" || tag === "textarea" ? collapse(attr(el, "placeholder")) : "");
  };
  const statesOf = (el, role, disabled) => {
    const tag = tagOf(el), pairs = [];
    if (tag === "select") pairs.push(["value", chosenLabels(el).join(", ")]);
    else if (tag === "textarea" || (tag === "input" && ["textbox", "searchbox", "combobox", "spinbutton"].includes(role))) {
      if (el.value) pairs.push(["value", attr(el, "type") === "password" ? "•".repeat([...el.value].length) : el.value]);
    } else if (tag === "input" && ["checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"].includes(role)) {
      if (el.checked) pairs.push(["checked", ""]);
    } else if (tag === "summary") pairs.push(["expanded", el.parentElement.hasAttribute("open") ? "true" : "false"]);
    for (const state of ["expanded", "selected", "pressed", "current"]) {
      const value = attr(el, `aria-${state}`);
      if (value && !(value === "false" && state !== "expanded")) pairs.push([state, state === "expanded" ? value : ""]);
    }
    if (el.hasAttribute("required")) pairs.push(["required", ""]);
    if (el.hasAttribute("readonly")) pairs.push(["readonly", ""]);
    if (disabled) pairs.push(["disabled", ""]);
    return pairs;
  };

  const walk = () => {
    const nodes = [], elements = [];
    let text = "", line = 0, cell = 0, used = false, inRow = false;
    const emit = (role, name, id = null, states = [], options = []) => {
      nodes.push([role, name, line, cell, id, states, options]);
      used = true;
    };
    const flush = () => {
      const collapsed = collapse(text);
      text = "";
      if (collapsed) emit("text", collapsed);
    };
    const newLine = () => {
      flush();
      if (used && !inRow) { line += 1; used = false; }
    };
    const children = (el) => {
      for (const child of el.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) text += child.data;
        else if (child.nodeType === Node.ELEMENT_NODE) element(child);
      }
    };
    const element = (el) => {
      const tag = tagOf(el);
      if (UNRENDERED.has(tag) || el.hasAttribute("hidden") || unstyled(el)) return;
      const role = INTERACTIVE_TAGS.has(tag) || remote ? interactiveRole(el) : null;
      if (role !== null) { if (!isHidden(el)) interactive(el, tag, role); return; }
      if (BLOCK.has(tag)) block(el, tag);
      else if (tag === "br") { newLine(); if (inRow) text += " "; }
      else if (tag === "img") {
        const name = attr(el, "role") === "presentation" ? "" : collapse(attr(el, "alt") || attr(el, "title"));
        if (name) { flush(); emit("img", name); }
      } else if (tag === "label") label(el);
      else { if (el.hasAttribute("role")) landmark(el, tag); children(el); }
    };
    const interactive = (el, tag, role) => {
      if (tag === "summary") newLine(); else flush();
      elements.push(el);
      const options = tag === "select" ? [...el.options].map(optionLabel) : [];
      emit(role, nameOf(el), elements.length, statesOf(el, role, isDisabled(el)), options);
      if (tag === "summary") newLine();
    };
    const block = (el, tag) => {
      if (tag === "tr") row(el);
      else if (tag === "td" || tag === "th") { flush(); children(el); flush(); cell += 1; }
      else if (/^h[1-6]$/.test(tag)) heading(el, tag);
      else if (tag === "pre") preformatted(el);
      else if (tag === "dialog" && !el.open) return;
      else if (tag === "details" && !el.hasAttribute("open")) {
        newLine();
        const summary = [...el.children].find((child) => tagOf(child) === "summary");
        if (summary) element(summary);
        newLine();
      } else {
        newLine();
        landmark(el, tag);
        children(el);
        newLine();
        if (inRow) text += " ";
      }
    };
    const row = (el) => {
      const outer = [inRow, cell];
      inRow = false;
      newLine();
      inRow = true; cell = 0;
      children(el);
      inRow = false;
      newLine();
      [inRow, cell] = outer;
    };
    const heading = (el, tag) => {
      newLine();
      const level = [["level", tag[1]]];
      if (el.querySelector(CONTROLS) === null) {
        const name = collapse(content(el));
        if (name) emit("heading", name, null, level);
      } else {
        emit("heading", "", null, level);
        children(el);
      }
      newLine();
    };
    const preformatted = (el) => {
      if (el.querySelector(CONTROLS) !== null) { newLine(); children(el); newLine(); return; }
      for (const part of el.textContent.split("\n")) { newLine(); text += part; }
      newLine();
    };
    const label = (el) => {
      const target = el.getAttribute("for");
      const named = target === null ? el.querySelector("input, select, textarea") : document.getElementById(target);
      if (named === null || isHidden(named) || attr(named, "aria-label") || attr(named, "aria-labelledby")) children(el);
      else for (const control of el.querySelectorAll(CONTROLS)) element(control);
    };
    const insideSectioning = (el) => {
      for (let parent = el.parentElement; parent; parent = parent.parentElement)
        if (SECTIONING.has(tagOf(parent))) return true;
      return false;
    };
    const landmark = (el, tag) => {
      let role = attr(el, "role").trim();
      if (!LANDMARK_ROLES.has(role)) role = role ? "" : LANDMARK_TAGS[tag] || "";
      const name = role || tag === "section" || tag === "form" ? collapse(attr(el, "aria-label")) : "";
      if (!role && name) role = tag === "section" ? "region" : "form";
      if (!role && (tag === "header" || tag === "footer") && !insideSectioning(el))
        role = tag === "header" ? "banner" : "contentinfo";
      if (role) { newLine(); emit(role, name); newLine(); }
    };
    if (document.body) { children(document.body); flush(); }
    return {nodes, elements};
  };

  // A text or image opened by itself has no page of its own; both engines show it the same way (see media.py).
  const media = () => {
    const type = document.contentType;
    if (type === "text/html" || type === "application/xhtml+xml") return null;
    if (type.startsWith("image/"))
      return {nodes: [["img", decodeURIComponent(location.pathname.split("/").pop()), 0, 0, null, [], []]], elements: []};
    const source = (document.querySelector("pre") || document.documentElement).textContent;
    const lines = source.split("\n").map(collapse).filter((text) => text);
    return {nodes: lines.map((text, i) => ["text", text, i, 0, null, [], []]), elements: []};
  };
  const read = () => media() || walk();

  const FIELDS = "input, select, textarea";
  const fieldState = (el) => [el.value, el.type === "checkbox" || el.type === "radio" ? el.checked : false,
    tagOf(el) === "select" ? el.selectedIndex : -1];

  // Not form.action, which an input of that name would shadow.
  const absolute = (address) => { try { return new URL(address, document.baseURI).href; } catch { return address; } };
  const isSubmit = (el) => (tagOf(el) === "button" && el.type === "submit") || (tagOf(el) === "input" && el.type === "submit");
  // Facts from which engines/interact.py decides what an action does; the same for both engines.
  const facts = (el) => {
    const tag = tagOf(el), form = el.form || null;
    const submits = isSubmit(el);
    return {
      role: interactiveRole(el), name: nameOf(el), tag, type: tag === "input" || tag === "button" ? el.type : "",
      disabled: tag !== "a" && tag !== "summary" && isDisabled(el), readonly: el.hasAttribute("readonly"),
      multiple: tag === "select" && el.multiple, editable: remote && el.isContentEditable,
      href: tag === "a" && el.hasAttribute("href") ? el.href : "",
      action: form ? absolute((submits && attr(el, "formaction")) || attr(form, "action")) : "",
      in_form: form !== null, submits: submits && form !== null, checked: el.checked === true,
      value: tag === "input" || tag === "textarea" ? el.value : "",
      options: tag === "select" ? [...el.options].map((o) => [optionLabel(o), o.value, o.disabled || o.parentElement.disabled === true]) : [],
    };
  };
  // What Enter in a field of this form presses, and how many fields would forbid it to submit without a button.
  const implicit = (form, elements) => {
    const button = [...form.elements].find(isSubmit);
    const fields = [...form.elements].filter((el) => tagOf(el) === "input" && BLOCKS_IMPLICIT.has(el.type)).length;
    return {button: button ? elements.indexOf(button) + 1 : null, button_disabled: button ? isDisabled(button) : false, fields};
  };
  const announce = (el) => {
    el.dispatchEvent(new Event("input", {bubbles: true}));
    el.dispatchEvent(new Event("change", {bubbles: true}));
  };
  const setText = (el, text) => {
    if (el.isContentEditable) el.textContent = text;
    else {
      // The prototype's setter, since frameworks that watch a field replace the element's own.
      const prototype = tagOf(el) === "textarea" ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
      Object.getOwnPropertyDescriptor(prototype, "value").set.call(el, text);
    }
    announce(el);
  };
  const setSelected = (el, indices) => {
    [...el.options].forEach((option, i) => { option.selected = indices.includes(i); });
    announce(el);
  };

  // On other people's pages a click may do anything: says whether the browser will load another document for it. Whatever
  // would open a tab of its own opens in this one.
  const leaves = (el, act) => {
    if (!remote) { act(); return true; }
    let loads = false;
    const opensDocument = (link) => /^https?:$/.test(link.protocol) && !link.hasAttribute("download") &&
      !(link.href.includes("#") && link.href.split("#")[0] === location.href.split("#")[0]);
    const onClick = (event) => {
      const link = event.target.closest("a[href]");
      if (link !== null && !event.defaultPrevented && opensDocument(link)) loads = true;
    };
    const onSubmit = (event) => { if (!event.defaultPrevented) loads = true; };
    for (const opener of [el.closest("a"), el.form]) if (opener) opener.setAttribute("target", "_self");
    el.removeAttribute("formtarget");
    window.addEventListener("click", onClick);
    window.addEventListener("submit", onSubmit);
    try { act(); } finally {
      window.removeEventListener("click", onClick);
      window.removeEventListener("submit", onSubmit);
    }
    return loads;
  };

  const target = () => {
    const {elements} = read();
    if (command.id === null) return {elements, el: elements.find((el) => el === document.activeElement) || null};
    return {elements, el: elements[command.id - 1] || null};
  };
  const title = () => document.contentType === "text/html" ? collapse(document.title) : "";
  switch (command.op) {
    case "title": return title();
    case "read": {
      const {nodes} = read();
      return {url: location.href, title: title(), nodes};
    }
    case "document":  // a picture by itself has no root element where pictures are not loaded
      return {url: location.href, html: document.documentElement?.outerHTML ?? "",
        fields: [...document.querySelectorAll(FIELDS)].map(fieldState)};
    case "facts": {
      const {elements, el} = target();
      return {count: elements.length, id: el === null ? null : elements.indexOf(el) + 1, facts: el === null ? null : facts(el),
        implicit: el === null || !el.form ? null : implicit(el.form, elements),
        focus: elements.findIndex((other) => other === document.activeElement) + 1};
    }
    case "click": { const {el} = target(); el.focus(); return leaves(el, () => el.click()); }
    case "focus": { const {el} = target(); el.focus(); return true; }
    case "text": { const {el} = target(); el.focus(); setText(el, command.text); return true; }
    case "select": { const {el} = target(); el.focus(); setSelected(el, command.indices); return true; }
    case "submit": { const {el} = target(); return leaves(el, () => el.form.requestSubmit()); }
  }
  throw new Error(`unknown command ${command.op}`);
}
