// One episode on a line: a column for each observation, milestones as lanes that fill when reached, rewards as bars.

const GUTTER = 150, LANE = 16, REWARDS = 40, VALUES = 34, HEAD = 20;

function clipped(text, length) {
  return text.length > length ? text.slice(0, length - 1) + "…" : text;
}

// An SVG `width` pixels wide. `choose(t)` is called when a column is clicked.
function timeline(episode, width, choose) {
  const columns = episode.observations.length;
  const column = (width - GUTTER) / columns;
  const x = (t) => GUTTER + t * column;
  const lanes = episode.milestones.length * LANE;
  const hasValues = episode.values.length > 0;
  const height = HEAD + lanes + REWARDS + (hasValues ? VALUES : 0) + 8;
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": "Timeline of the episode" });
  const cursor = drawn("rect", { class: "cursor", y: 1, width: column, height: height - 2, rx: 3 });
  svg.append(cursor, ...numbers(episode, x, column), ...milestoneLanes(episode, x, width));
  svg.append(...rewardBars(episode, x, column, HEAD + lanes, width));
  if (hasValues) svg.append(...valueLine(episode, x, column, HEAD + lanes + REWARDS));
  const labels = [...svg.querySelectorAll(".tick")];
  for (let t = 0; t < columns; t++) {
    const cell = drawn("rect", { class: "column", x: x(t), y: 0, width: column, height });
    cell.append(drawn("title", {}, columnTitle(episode, t)));
    cell.addEventListener("click", () => choose(t));
    svg.append(cell);
  }
  svg.show = (t) => {
    cursor.setAttribute("x", x(t));
    for (const label of labels) label.classList.toggle("now", Number(label.dataset.t) === t);
  };
  return svg;
}

function columnTitle(episode, t) {
  if (t === episode.steps.length) return "end";
  const step = episode.steps[t];
  return `${t + 1}: ${clipped(step.says, 120)}${step.error ? "\n" + clipped(step.error, 120) : ""}`;
}

function numbers(episode, x, column) {
  const parts = [];
  const every = Math.max(1, Math.ceil(17 / column));
  episode.observations.forEach((_, t) => {
    const label = t === episode.steps.length ? "end" : String(t + 1);
    if (t % every === 0 || (label === "end" && column > 24)) {
      const tick = drawn("text", { class: "tick", x: x(t) + column / 2, y: 14, "text-anchor": "middle" }, label);
      tick.dataset.t = t;
      parts.push(tick);
    }
    if (t < episode.steps.length && episode.steps[t].error) {
      parts.push(drawn("circle", { class: "error", cx: x(t) + column / 2, cy: 3, r: 2 }));
    }
  });
  if (episode.key !== null) {
    const at = x(episode.key) + column / 2;
    const diamond = drawn("path", { class: "key", d: `M${at} ${HEAD - 5}l4 4l-4 4l-4 -4z` });
    diamond.append(drawn("title", {}, "first step that no successful episode took here"));
    parts.push(diamond);
  }
  if (episode.loop) {
    const [start, length, cycles] = episode.loop;
    const from = x(start) + 2, to = x(episode.steps.length) - 2;
    const bracket = drawn("path", { class: "loop", d: `M${from} ${HEAD + 3}v-4H${to}v4` });
    bracket.append(drawn("title", {}, `loop of ${length} action${length > 1 ? "s" : ""}, ${cycles} times`));
    parts.push(bracket);
  }
  return parts;
}

function milestoneLanes(episode, x, width) {
  return episode.milestones.flatMap(([name, time], row) => {
    const y = HEAD + row * LANE + 3, high = LANE - 6;
    const label = drawn("text", { x: 0, y: y + high - 1 }, clipped(name, 25));
    label.append(drawn("title", {}, name));
    const parts = [label, drawn("rect", { class: "lane", x: x(0), y, width: width - x(0), height: high, rx: 3 })];
    if (time !== null) {
      const kind = time === 0 ? "at-start" : "reached";
      parts.push(drawn("rect", { class: kind, x: x(time), y, width: Math.max(3, width - x(time)), height: high, rx: 3 }));
    }
    return parts;
  });
}

function rewardBars(episode, x, column, top, width) {
  const all = episode.steps.flatMap((step) => [step.reward, step.shaping]);
  const highest = Math.max(0, ...all), lowest = Math.min(0, ...all);
  const span = Math.max(1e-9, highest - lowest), room = REWARDS - 14;
  const zero = top + 8 + (room * highest) / span;
  const flat = highest === 0 && lowest === 0;
  const base = flat ? top + REWARDS - 8 : zero;
  const parts = [drawn("line", { class: "axis", x1: x(0), x2: width, y1: base, y2: base })];
  const legend = drawn("text", { x: 0, y: top + 16 });
  const shaped = episode.steps.some((step) => step.shaping !== 0);
  const task = drawn("tspan", { class: "task" }, "■ ");
  legend.append(task, drawn("tspan", {}, "reward  "));
  if (shaped) legend.append(drawn("tspan", { class: "shaping" }, "■ "), drawn("tspan", {}, "shaping"));
  parts.push(legend);
  if (!flat) parts.push(drawn("text", { x: 0, y: top + 31 }, `${lowest === 0 ? 0 : lowest.toFixed(2)} to ${highest.toFixed(2)}`));
  const bar = Math.min(12, Math.max(2, column / 2 - 2));
  episode.steps.forEach((step, t) => {
    [["task", step.reward, -1], ["shaping", step.shaping, 0]].forEach(([kind, value, side]) => {
      if (value === 0) return;
      const high = Math.max(1.5, (room * Math.abs(value)) / span);
      parts.push(drawn("rect", { class: kind, x: x(t) + column / 2 + side * bar, y: value > 0 ? base - high : base, width: bar, height: high }));
    });
  });
  return parts;
}

function valueLine(episode, x, column, top) {
  const highest = Math.max(...episode.values), lowest = Math.min(...episode.values);
  const y = (value) => top + VALUES - 6 - ((VALUES - 12) * (value - lowest)) / Math.max(1e-9, highest - lowest);
  const points = episode.values.map((value, t) => `${x(t) + column / 2},${y(value)}`);
  return [
    drawn("text", { x: 0, y: top + 14 }, "critic value"),
    drawn("text", { x: 0, y: top + 27 }, `${lowest.toFixed(2)} to ${highest.toFixed(2)}`),
    drawn("polyline", { class: "value", points: points.join(" ") }),
    ...episode.values.map((value, t) => drawn("circle", { class: "value-dot", cx: x(t) + column / 2, cy: y(value), r: 2.2 })),
  ];
}
