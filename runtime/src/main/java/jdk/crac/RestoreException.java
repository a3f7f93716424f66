package jdk.crac;

import org.jspecify.annotations.Nullable;

/** A restore that succeeded, but not for every resource. What failed are its suppressed exceptions. */
public class RestoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public RestoreException() {}

    public RestoreException(@Nullable String message) {
        super(message);
    }
}
