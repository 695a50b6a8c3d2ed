import type { AccountHealth } from "../server/account/schema.ts";

const BEFORE_RESUMING = {
  challenges:
    "Look first at how the last ones failed: an agent that cannot solve them will fail again, and Moltbook counts on. Resuming does not take its count back.",
  canary:
    "A canary, which is of use to nobody, was about to leave a run or came back from Moltbook: somebody may be steering the agent. Look first at what it had read before that, on the page of the run that the event names, and change its prompt or its keys if need be.",
};

/** What to look at before an account may write again, and the way to say that it may. */
export function ResumeForm({ because }: { because: AccountHealth["frozen_because"] }) {
  return (
    <form method="post" action="/account/resume" class="decision">
      <p safe>{BEFORE_RESUMING[because ?? "challenges"]}</p>
      <label for="resume-why">Why it may write again</label>
      <input id="resume-why" name="reason" required maxlength="500" autocomplete="off" />
      <div class="decision-buttons">
        <button class="primary">Resume writing</button>
      </div>
    </form>
  );
}
