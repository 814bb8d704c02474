/** The few shapes every behaviour shares. */

export const all = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] => [
  ...root.querySelectorAll<T>(selector),
];

/** One listener on the document for everything that matches, so pieces swapped in later are covered too. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  handle: (element: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(type, (event) => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
    if (target) handle(target, event);
  });
}

export function remember(name: string, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** Words a script says are rendered by the server into <html data-say-…>, so they are translated with everything else. */
export function say(key: string, fallback: string): string {
  return document.documentElement.dataset[`say${key[0]!.toUpperCase()}${key.slice(1)}`] ?? fallback;
}
