package dev.ingot.agent.checkpoint;

import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.image.ImageContents;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The accelerators that the program has open. The classes that know them belong to the program and are called by name, with types
 * of the JDK, on a thread that no checkpoint captures. A program without accelerators has none of these classes.
 */
final class ProgramDevices {
    private static final String LINK = "dev.ingot.accelerator.device.OpenDevices";

    private final AgentContext agent;

    ProgramDevices(AgentContext agent) {
        this.agent = agent;
    }

    /**
     * Brings all devices to safe points and their content into the heap; whoever needs one waits from now on. Called before the
     * program's threads are stopped.
     *
     * @throws ControlException if one cannot; all go on
     */
    void freeze(Duration deadline) throws ControlException {
        try {
            List<Class<?>> links = links();
            call(links, "freeze", new Class<?>[] {long.class}, deadline.toNanos());
            // Loads what held() needs. The program's class loaders are code of the program, which may wait for its
            // threads.
            notes(links);
        } catch (IllegalStateException failure) {
            throw failed(failure);
        }
    }

    /**
     * What the devices hold, as notes of an image. Called when the program's threads are stopped: until then they open devices, which are in
     * the image too.
     *
     * @throws ControlException if one is not frozen
     */
    Map<String, String> held() throws ControlException {
        try {
            return notes(links());
        } catch (IllegalStateException failure) {
            throw failed(failure);
        }
    }

    private Map<String, String> notes(List<Class<?>> links) {
        if (links.isEmpty()) {
            return Map.of();
        }
        Map<String, String> held = new LinkedHashMap<>();
        for (Object result : call(links, "held", new Class<?>[0])) {
            ((Map<?, ?>) result).forEach((name, what) -> held.put("device " + name, String.valueOf(what)));
        }
        describe(links, held);
        return held;
    }

    private static ControlException failed(IllegalStateException failure) {
        return new ControlException(FailureCode.FAILED, "cannot take a checkpoint: " + failure.getMessage(), failure);
    }

    /** What is frozen by more than one copy of the interface is not planned with. */
    private void describe(List<Class<?>> links, Map<String, String> held) {
        List<String> descriptions = call(links, "describe", new Class<?>[0]).stream()
                .map(String::valueOf)
                .filter(description -> !description.isEmpty())
                .toList();
        if (descriptions.size() == 1) {
            held.put(ImageContents.DEVICES_NOTE, descriptions.get(0));
        }
    }

    /** Lets the devices go on. Called when the program's threads run. */
    void thaw() {
        call(links(), "thaw", new Class<?>[0]);
    }

    /**
     * Gives each device of the image one of this JVM. Called before the program's threads run.
     *
     * @param replacements by which device another one is replaced
     * @param determinism the weakest promise about results that this may leave of a stronger one; empty if the option does not say
     * @throws NotRestorableException if there is none for one of them
     */
    void rebind(Map<String, String> replacements, String determinism) throws NotRestorableException {
        try {
            call(links(), "rebind", new Class<?>[] {Map.class, String.class}, replacements, determinism);
        } catch (IllegalStateException failure) {
            throw new NotRestorableException(String.valueOf(failure.getMessage()), failure);
        }
    }

    /** Of each copy of the interface that the program has loaded. */
    private List<Class<?>> links() {
        List<Class<?>> links = new ArrayList<>();
        for (Class<?> type : agent.program().all()) {
            if (type.getName().equals(LINK)) {
                links.add(type);
            }
        }
        return links;
    }

    private List<Object> call(List<Class<?>> links, String method, Class<?>[] types, Object... arguments) {
        if (links.isEmpty()) {
            return List.of();
        }
        List<Object> results = new ArrayList<>();
        @Nullable IllegalStateException[] failure = new IllegalStateException[1];
        HookThread.run(agent.mainThread(), () -> {
            try {
                for (Class<?> link : links) {
                    Object result = invoke(link, method, types, arguments);
                    if (result != null) {
                        results.add(result);
                    }
                }
            } catch (IllegalStateException thrown) {
                failure[0] = thrown;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return results;
    }

    private static @Nullable Object invoke(Class<?> link, String name, Class<?>[] types, Object[] arguments) {
        try {
            Method method = link.getDeclaredMethod(name, types);
            method.setAccessible(true);
            return method.invoke(null, arguments);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            throw cause instanceof IllegalStateException refusal
                    ? refusal
                    : new IllegalStateException("the devices failed: " + cause, cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "the accelerator interface on the class path does not fit this agent; use those of one version", e);
        }
    }
}
