package dev.ingot.agent.checkpoint;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.runtime.Control;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the program's hooks and listeners. What they throw after the fact is logged: there is nobody to give it to. */
final class Hooks {
    private final Thread mainThread;
    private final AgentLog log;

    Hooks(Thread mainThread, AgentLog log) {
        this.mainThread = mainThread;
        this.log = log;
    }

    /** @throws Control.Refusal if a hook vetoes the checkpoint */
    void before() {
        Control.Refusal refusal = call(Control::agentBefore);
        if (refusal != null) {
            throw refusal;
        }
    }

    void after(int outcome) {
        Control.Refusal refusal = call(() -> Control.agentAfter(outcome));
        if (refusal != null) {
            log.warn(String.valueOf(refusal.getMessage()), refusal);
        }
    }

    void publish(Control.Report report) {
        HookThread.run(mainThread, () -> {
            List<Throwable> failures = Control.publish(report);
            for (Throwable failure : failures) {
                log.warn("a listener of the program failed", failure);
            }
        });
    }

    private Control.@Nullable Refusal call(Runnable hooks) {
        Control.@Nullable Refusal[] refusal = new Control.Refusal[1];
        HookThread.run(mainThread, () -> {
            try {
                hooks.run();
            } catch (Control.Refusal refused) {
                refusal[0] = refused;
            }
        });
        return refusal[0];
    }
}
