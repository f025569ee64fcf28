import { useSignal } from "@preact/signals";
import type { Fault } from "../api/answer.js";
import { usePage, useTexts } from "../view/part/context.js";
import { FaultNotice } from "../view/part/notice.js";
import { startSession } from "./session.js";

/** Asks for a token. */
export function SignInForm() {
  const page = usePage();
  const texts = useTexts();
  const fault = useSignal<Fault | undefined>(undefined);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget as HTMLFormElement).get("token") ?? "").trim();
    fault.value = await startSession(page, token);
  };
  return (
    <form class="card sign-in" onSubmit={(event) => void submit(event)}>
      <h1>{texts.signIn.title}</h1>
      <p>{texts.signIn.intro}</p>
      <label>
        {texts.signIn.token}
        <input name="token" type="password" required autocomplete="off" />
      </label>
      {fault.value && <FaultNotice fault={fault.value} />}
      <div class="buttons">
        <button type="submit" class="primary">
          {texts.signIn.submit}
        </button>
      </div>
    </form>
  );
}
