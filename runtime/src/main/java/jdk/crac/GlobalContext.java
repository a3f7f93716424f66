package jdk.crac;

import dev.ingot.runtime.Control;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The context of all resources that registered themselves, in the order of registration.
 *
 * <p>Resources are told apart by identity alone: most are proxies, whose {@code equals}, {@code hashCode} and
 * {@code toString} call the program and fail once the program has dropped the resource.
 */
final class GlobalContext extends Context<Resource> implements Control.Participant {
    private static final Object LOCK = new Object();
    private static GlobalContext current = new GlobalContext();

    static {
        Control.join(current);
    }

    private List<WeakReference<Resource>> resources = new ArrayList<>();
    private List<Resource> notified = new ArrayList<>();

    private GlobalContext() {}

    /** The context of this JVM; a resume replaces it by the one of the image. */
    static GlobalContext current() {
        synchronized (LOCK) {
            return current;
        }
    }

    @Override
    public void register(Resource resource) {
        if (resource == null) {
            throw new NullPointerException("cannot register null as a resource");
        }
        synchronized (LOCK) {
            List<WeakReference<Resource>> living = new ArrayList<>();
            for (WeakReference<Resource> reference : resources) {
                if (reference.get() != null) {
                    living.add(reference);
                }
            }
            living.add(new WeakReference<>(resource));
            resources = living;
        }
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
        List<Throwable> failures = before();
        if (!failures.isEmpty()) {
            CheckpointException exception = new CheckpointException();
            for (Throwable failure : failures) {
                exception.addSuppressed(failure);
            }
            throw exception;
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) throws RestoreException {
        List<Throwable> failures = after(Control.RESTORED);
        if (!failures.isEmpty()) {
            RestoreException exception = new RestoreException();
            for (Throwable failure : failures) {
                exception.addSuppressed(failure);
            }
            throw exception;
        }
    }

    /** Keeps the resources from being collected until {@link #after}: each one notified before is notified after. */
    @Override
    public List<Throwable> before() {
        List<Resource> living = living();
        synchronized (LOCK) {
            notified = living;
        }
        List<Throwable> failures = new ArrayList<>();
        for (int i = living.size() - 1; i >= 0; i--) {
            try {
                living.get(i).beforeCheckpoint(this);
            } catch (Throwable failure) {
                collect(failure, failure instanceof CheckpointException, failures);
            }
        }
        return failures;
    }

    @Override
    public List<Throwable> after(int outcome) {
        List<Resource> told;
        synchronized (LOCK) {
            told = notified;
            notified = new ArrayList<>();
        }
        List<Throwable> failures = new ArrayList<>();
        for (Resource resource : told) {
            try {
                resource.afterRestore(this);
            } catch (Throwable failure) {
                collect(failure, failure instanceof RestoreException, failures);
            }
        }
        return failures;
    }

    @Override
    public List<Throwable> ended(Control.Report report) {
        return List.of();
    }

    @Override
    public void reattach() {
        synchronized (LOCK) {
            current = this;
        }
    }

    private List<Resource> living() {
        List<Resource> living = new ArrayList<>();
        synchronized (LOCK) {
            for (WeakReference<Resource> reference : resources) {
                Resource resource = reference.get();
                if (resource != null) {
                    living.add(resource);
                }
            }
        }
        return living;
    }

    /** A nested context reports the failures of its resources, which are what counts. */
    private static void collect(Throwable failure, boolean fromContext, List<Throwable> failures) {
        Throwable[] suppressed = failure.getSuppressed();
        if (!fromContext || suppressed.length == 0) {
            failures.add(failure);
            return;
        }
        for (Throwable cause : suppressed) {
            failures.add(cause);
        }
    }
}
