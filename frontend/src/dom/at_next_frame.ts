/** Work that many changes ask for, done once for all of them. */

/** Many changes in one frame cost one pass; a hidden tab gets no frames, so a timer does it. */
export function atNextFrame(act: () => void): () => void {
  let waiting = false;
  const run = () => {
    waiting = false;
    act();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    if (document.hidden) setTimeout(run, 100);
    else requestAnimationFrame(run);
  };
}
