package dev.ingot.core.heap;

import dev.ingot.runtime.LoaderAnswers;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers for the class loaders of the program while classes are defined in them and not every object is complete. The JVM asks a loader for
 * supertypes, and for what the verifier wants to know, at its own discretion; the answers are those that the loader gave in the image's program.
 * What it was not asked for there it is asked for now.
 *
 * <p>Answers the thread that restores; others are told to ask the loader.
 */
final class RestoringLoaders implements LoaderAnswers.Source {
    private final ImageClasses classes;
    private final Resolutions resolutions;
    private final NamedClasses named;
    private final Thread restorer = Thread.currentThread();
    private final Set<ImageClass> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

    private RestoringLoaders(ImageClasses classes, Resolutions resolutions, NamedClasses named) {
        this.classes = classes;
        this.resolutions = resolutions;
        this.named = named;
    }

    /** Answers until {@link #askAgain}. */
    static RestoringLoaders answering(
            ImageClasses classes, Resolutions resolutions, NamedClasses named, RestoreListener listener) {
        RestoringLoaders answers = new RestoringLoaders(classes, resolutions, named);
        if (classes.areDefinedInLoadersOfProgram()) {
            listener.definingClasses();
            LoaderAnswers.answerFrom(answers);
        }
        return answers;
    }

    /** Has the JVM ask the loaders again. */
    void askAgain() {
        LoaderAnswers.answerFrom(null);
    }

    @Override
    public @Nullable Class<?> find(ClassLoader loader, String name) {
        String key = Thread.currentThread() == restorer ? named.loaders().get(loader) : null;
        if (key == null) {
            return null;
        }
        Class<?> own = definedIn(loader, name);
        if (own != null) {
            return own;
        }
        String definer = resolutions.definerOf(key, name);
        return definer == null ? null : foundIn(definer, name);
    }

    private @Nullable Class<?> foundIn(String definer, String name) {
        Class<?> found = ClassHash.find(definer, name);
        ClassLoader loader = found == null ? loaderOf(definer) : null;
        return loader == null ? found : definedIn(loader, name);
    }

    private @Nullable ClassLoader loaderOf(String key) {
        for (Map.Entry<ClassLoader, String> known : named.loaders().entrySet()) {
            if (known.getValue().equals(key)) {
                return known.getKey();
            }
        }
        return null;
    }

    /** Defines the class now if that is still to come. */
    private @Nullable Class<?> definedIn(ClassLoader loader, String name) {
        ImageClass defined = classes.recordedIn(loader, name);
        if (defined != null && defined.type() == null && underWay.add(defined)) {
            try {
                classes.complete(defined);
            } finally {
                underWay.remove(defined);
            }
        }
        return defined == null ? null : defined.type();
    }
}
