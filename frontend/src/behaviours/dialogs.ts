/** Dialogs open by `data-dialog-open="id"`, close by `data-dialog-close` or a press on the backdrop. */
import { on } from "./dom";

export function dialogs(): void {
  on("click", "[data-dialog-open]", (button, event) => {
    const dialog = document.getElementById(button.dataset.dialogOpen!);
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.showModal();
  });
  on("click", "[data-dialog-close]", (button, event) => {
    event.preventDefault();
    button.closest("dialog")?.close();
  });
  on("click", "dialog.j-dialog", (dialog, event) => {
    if (event.target === dialog) (dialog as HTMLDialogElement).close();
  });
  // choosing a usual reason writes it into the text when the text is still empty or another usual reason
  on("change", "[data-reason-choice]", (choice) => {
    const text = choice.closest("form")?.querySelector<HTMLTextAreaElement>("[data-reason-text]");
    const given = (choice as HTMLInputElement).value;
    if (!text || (text.value && text.value !== text.dataset.from)) return;
    text.value = given;
    text.dataset.from = given;
  });
}
