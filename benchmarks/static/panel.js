// One episode: header, timeline, the chosen step, and what the policy saw beside what the page looked like.

const MARKS = { "success": "✓", "wrong stop": "✕", "stuck midway": "↻", "no reasonable attempt": "–", "other": "…", "infra error": "!" };
const PAGE_WIDTH = 1180;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const classOf = (outcome) => outcome.replaceAll(" ", "-");

class Panel {
  // `others` are episodes of the same task to set beside this one; `choose(index)` puts one there, null takes it away.
  constructor(episode, index, { run, store, view, others, beside, onstep, choose, setView }) {
    Object.assign(this, { episode, index, store, view, onstep, setView });
    this.step = 0;
    this.graph = null;
    this.action = make("div", { class: "action" });
    this.slider = make("input", { type: "range", min: 0, max: episode.steps.length, value: 0, "aria-label": "Step",
      oninput: () => onstep(this, Number(this.slider.value)) });
    this.output = make("output");
    this.timeline = make("div", { class: "timeline" });
    this.views = make("div", { class: "views" });
    const move = (label, title, by) => make("button", { type: "button", title, onclick: () => onstep(this, this.step + by) }, label);
    this.element = make("article", { class: "panel", "aria-label": `Task ${episode.task}, ${run.label}` },
      make("header", {},
        make("div", { class: "facts" },
          make("span", { class: `badge ${classOf(episode.outcome)}` }, `${MARKS[episode.outcome]} ${episode.outcome}`),
          make("span", {}, `task ${episode.task}`), make("span", {}, episode.site), make("span", {}, run.label),
          beside === null ? null : this.besideSelect(others, beside, choose)),
        make("p", { class: "goal" }, episode.goal),
        run.note ? make("p", { class: "note" }, run.note) : null),
      this.timeline,
      make("div", { class: "steps" },
        move("«", "first step (Home)", -Infinity), move("◀", "back (←)", -1), this.slider, move("▶", "on (→)", 1),
        move("»", "end (End)", Infinity), this.output,
        episode.pages.length ? make("button", { type: "button", title: "observation, page or both (v)", onclick: () => this.setView() }, "view") : null),
      this.action, this.views);
    this.resized = new ResizeObserver(() => { this.drawTimeline(); this.fit(); });
    this.resized.observe(this.element);
  }

  besideSelect(others, beside, choose) {
    const select = make("select", { "aria-label": "Another episode of this task beside this one", onchange: () => choose(select.value === "" ? null : Number(select.value)) },
      make("option", { value: "" }, others.length ? "compare with…" : "no other episode of this task"),
      ...others.map(([index, label]) => make("option", { value: index }, label)));
    select.disabled = others.length === 0;
    select.value = beside >= 0 ? String(beside) : "";
    return select;
  }

  drawTimeline() {
    const width = Math.max(300, this.timeline.clientWidth - 32);
    if (this.graph && this.width === width) return;
    this.width = width;
    this.graph = timeline(this.episode, width, (t) => this.onstep(this, t));
    this.timeline.replaceChildren(this.graph);
    this.graph.show(this.step);
  }

  async show(step) {
    const { episode } = this;
    this.step = Math.max(0, Math.min(step, episode.steps.length));
    this.slider.value = this.step;
    this.output.textContent = this.step === episode.steps.length ? `end, ${actions(this.step)}` : `action ${this.step + 1} of ${episode.steps.length}`;
    if (this.graph) this.graph.show(this.step);
    this.showAction();
    const shown = this.step;
    const [text, page] = await Promise.all([this.store.text(episode.observations[shown]), this.store.text(episode.pages[shown])]);
    if (this.step === shown) this.showViews(text, page);
  }

  showAction() {
    const { episode } = this;
    const step = episode.steps[this.step];
    this.action.className = step ? "action" : `action end ${classOf(episode.outcome)}`;
    this.action.replaceChildren(...(step ? this.stepParts(step) : this.endParts()));
  }

  stepParts(step) {
    const reached = milestonesAt(this.episode, this.step + 1);
    const results = make("div", { class: "results" }, make("span", {}, "reward ", make("b", {}, signed(step.reward))));
    if (step.shaping !== 0) results.append(make("span", {}, "shaping ", make("b", {}, signed(step.shaping))));
    const value = this.episode.values[this.step];
    if (value !== undefined) results.append(make("span", {}, "critic value ", make("b", {}, value.toFixed(3))));
    for (const name of reached) results.append(make("span", { class: "reached-now" }, `● ${name}`));
    if (this.step === this.episode.key) results.append(make("span", { class: "failed" }, "◆ no successful episode did this here"));
    if (step.error) results.append(make("span", { class: "failed" }, step.error));
    const differs = step.says && step.says !== step.action;
    return [make("code", {}, clipped(step.action, 2000)), differs ? make("div", { class: "says" }, clipped(step.says, 300)) : null, results].filter(Boolean);
  }

  endParts() {
    const { episode } = this;
    const total = (key) => episode.steps.reduce((sum, step) => sum + step[key], 0);
    const how = episode.infra ? episode.infra : episode.stopped ? "the policy stopped" : "cut off at the step limit";
    const reached = episode.milestones.filter(([, time]) => time !== null).length;
    return [
      make("code", {}, `${MARKS[episode.outcome]} ${episode.outcome}`),
      make("div", { class: "says" }, how),
      make("div", { class: "results" },
        make("span", {}, "reward ", make("b", {}, signed(total("reward")))),
        make("span", {}, "shaping ", make("b", {}, signed(total("shaping")))),
        make("span", {}, `${reached} of ${episode.milestones.length} milestones`)),
    ];
  }

  showViews(text, page) {
    const step = this.episode.steps[this.step];
    const acted = step ? step.element : null;
    const hasPage = this.episode.pages.length > 0;
    const which = hasPage ? this.view : "text";
    const parts = [];
    if (which !== "page") parts.push(make("div", {}, heading("Observation", `${text.length.toLocaleString("en")} characters, as the policy read it`), observationText(text, acted)));
    if (which !== "text") parts.push(make("div", {}, heading("Page", "redrawn without scripts or pictures"), this.page(page, acted)));
    this.views.classList.toggle("one", parts.length === 1);
    this.views.replaceChildren(...parts);
    this.fit();
  }

  page(html, acted) {
    const box = make("div", { class: "page" });
    if (html === null) {
      box.append(make("p", {}, "This page was not kept."));
      return box;
    }
    // No scripts run in the frame; being of one origin with it lets this page scroll it to the element acted on.
    const frame = make("iframe", { sandbox: "allow-same-origin", title: "The page", tabindex: -1 });
    const mark = acted === null ? "" : `<style>[data-e="${Number(acted)}"]{outline:3px solid #d55e00!important;outline-offset:2px;background-color:#ffe9b8!important}</style>`;
    frame.srcdoc = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${POLICY}">${html}${mark}`;
    frame.addEventListener("load", () => {
      const element = acted === null ? null : frame.contentDocument?.querySelector(`[data-e="${Number(acted)}"]`);
      if (element) frame.contentWindow.scrollTo(0, element.getBoundingClientRect().top - 200);
    });
    box.append(frame);
    return box;
  }

  // The frame is laid out as wide as a desktop window and drawn as small as it must be.
  fit() {
    const box = this.views.querySelector(".page");
    const frame = box?.querySelector("iframe");
    if (!frame) return;
    const scale = Math.min(1, box.clientWidth / PAGE_WIDTH);
    frame.style.width = `${box.clientWidth / scale}px`;
    frame.style.height = `${box.clientHeight / scale}px`;
    frame.style.transform = `scale(${scale})`;
  }

  close() {
    this.resized.disconnect();
    this.element.remove();
  }
}

function heading(title, note) {
  return make("h3", {}, title, make("span", {}, note));
}

function milestonesAt(episode, time) {
  return episode.milestones.filter(([, at]) => at === time).map(([name]) => name);
}

function signed(value) {
  if (value === 0) return "0";
  return `${value > 0 ? "+" : "−"}${Math.abs(value).toPrecision(3).replace(/\.?0+$/, "")}`;
}

// The observation with its header dimmed, element numbers coloured, and the one acted on marked and in sight.
function observationText(text, acted) {
  const box = make("pre", { class: "text", tabindex: 0 });
  const end = text.indexOf("\n\n");
  const header = make("span", { class: "header" });
  for (const line of (end < 0 ? text : text.slice(0, end + 2)).split(/(?<=\n)/)) {
    header.append(line.startsWith("error: ") ? make("span", { class: "error-line" }, line) : line);
  }
  box.append(header);
  let marked = null, from = end < 0 ? text.length : end + 2;
  for (const match of text.slice(from).matchAll(/\[(\d+)\](?= [a-z])/g)) {
    const at = (end < 0 ? text.length : end + 2) + match.index;
    box.append(text.slice(from, at));
    const id = make("span", { class: "id" }, match[0]);
    if (acted !== null && Number(match[1]) === acted && !marked) marked = id;
    box.append(id);
    from = at + match[0].length;
  }
  box.append(text.slice(from));
  if (marked) {
    marked.classList.add("acted");
    requestAnimationFrame(() => {
      const top = marked.offsetTop - box.offsetTop;
      if (top + marked.offsetHeight > box.clientHeight) box.scrollTop = top - box.clientHeight / 3;
    });
  }
  return box;
}
