package dev.ingot.accelerator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device did not do what was asked. The world's fault, not the caller's: arguments that can be checked beforehand are answered
 * with {@link IllegalArgumentException}.
 */
public final class DeviceFault extends Exception {
    private static final long serialVersionUID = 1L;

    /** What happened. */
    public enum Code {
        /** The device is gone: removed, reset, or its driver or host process died. */
        LOST,
        /** A command did not end before its deadline. */
        HANG,
        /** Memory of the device is damaged beyond correction. */
        MEMORY_UNCORRECTABLE,
        /** What was computed or saved is no longer what it was, as a checksum shows, though nothing reported a failure. */
        SILENT_CORRUPTION,
        /** The device has too little memory. */
        OUT_OF_MEMORY,
        /** A kernel could not be built. */
        COMPILE,
        /** The device does not have the operation, or not in this size. */
        UNSUPPORTED,
        /** The operands do not fit the operation. */
        INVALID_ARGUMENT,
        /** A state is from another format or does not fit the device, or its native part is damaged; the device is untouched. */
        STATE_REJECTED,
        /** A backend or its host process broke the rules. */
        PROTOCOL
    }

    /** How much is affected. */
    public enum Scope {
        /** This command; later ones of its queue fail too, because they may need its result. */
        COMMAND,
        /** All commands of the device; it must be opened anew. */
        DEVICE,
        /** All devices of the provider. */
        PROVIDER
    }

    private final Code code;
    private final Scope scope;
    private final boolean retryable;
    private final transient @Nullable Map<String, String> evidence;

    /**
     * A fault.
     *
     * @param retryable whether the same may succeed if it is tried again
     * @param message what was attempted, with values
     * @param evidence whatever helps to find the cause, such as the driver's own code
     * @param cause may be null
     */
    public DeviceFault(
            Code code,
            Scope scope,
            boolean retryable,
            String message,
            Map<String, String> evidence,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.scope = scope;
        this.retryable = retryable;
        this.evidence = Map.copyOf(evidence);
    }

    /** A fault that will come again, without evidence or cause. */
    public DeviceFault(Code code, Scope scope, String message) {
        this(code, scope, false, message, Map.of(), null);
    }

    /** What happened. */
    public Code code() {
        return code;
    }

    /** How much is affected. */
    public Scope scope() {
        return scope;
    }

    /** Whether the same may succeed if it is tried again. */
    public boolean retryable() {
        return retryable;
    }

    /** Whatever helps to find the cause; empty where nothing is known. */
    public Map<String, String> evidence() {
        return evidence == null ? Map.of() : evidence;
    }
}
