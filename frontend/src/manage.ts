// Keeps a page with jobs up to date: asks for it again while one is pending, and puts in what has changed.
const EVERY = 1500; // milliseconds
const LIVE = "[data-live]";

async function renew(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return later();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = [...document.querySelectorAll(LIVE)];
  const others = [...fresh.querySelectorAll(LIVE)];
  const pending = fresh.querySelector("script[src*='/manage.js']") !== null;
  // what is done changes more than the parts: its buttons, and what can be done next
  if (!pending || parts.length !== others.length) return location.assign(answer.url);
  parts.forEach((part, at) => {
    const other = others[at];
    if (other && !part.isEqualNode(other) && !part.contains(document.activeElement)) part.replaceWith(document.importNode(other, true));
  });
  later();
}

function later(): void {
  setTimeout(() => {
    if (document.hidden) later();
    else renew().catch(later);
  }, EVERY);
}

later();
