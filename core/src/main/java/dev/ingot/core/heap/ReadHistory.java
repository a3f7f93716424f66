package dev.ingot.core.heap;

import dev.ingot.core.jvm.StringAccess;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes of an image that was read what the JVM that wrote it remembered of it.
 *
 * <p>An id may be taken over only by what the image would make of it again. So nothing is that has another identity hash code here than
 * there, or whose class has fields that it had not; such things get new ids. Whether an object still says what its record said is
 * seen by the walk.
 */
final class ReadHistory {
    private static final Pattern LOADER_KEY = Pattern.compile("loader-([0-9]{1,9})");

    private final RestoredObjects objects;
    private final NamedClasses named;
    private final ReadPrints prints;

    ReadHistory(RestoredObjects objects, NamedClasses named, ReadPrints prints) {
        this.objects = objects;
        this.named = named;
        this.prints = prints;
    }

    /** Null if images cannot go on. */
    @Nullable HeapHistory make(int segments) {
        HeapHistory history = HeapHistory.empty();
        if (!takeOverLoaders(history) || !takeOverClasses(history)) {
            history.close();
            prints.prints().close();
            return null;
        }
        long live = takeOverObjects(history);
        history.prints.close();
        history.prints = prints.prints();
        history.partPrints = prints.partPrints();
        history.partPrints.keySet().removeIf(objects::isGone);
        history.takeOver(objects.plans().size(), segments, prints.bytes(), live);
        return history;
    }

    private boolean takeOverLoaders(HeapHistory history) {
        for (Map.Entry<ClassLoader, String> each : named.loaders().entrySet()) {
            boolean ofEveryJvm = each.getKey() == ClassLoader.getPlatformClassLoader()
                    || each.getKey() == ClassLoader.getSystemClassLoader();
            if (!ofEveryJvm) {
                Matcher key = LOADER_KEY.matcher(each.getValue());
                if (!key.matches()) {
                    return false;
                }
                history.takeOverLoader(each.getKey(), each.getValue(), Integer.parseInt(key.group(1)));
            }
        }
        return true;
    }

    private boolean takeOverClasses(HeapHistory history) {
        ImageClasses classes = objects.classes();
        Map<Class<?>, Integer> numbers = new IdentityHashMap<>();
        for (ImageClass each : classes.all()) {
            Class<?> type = each.type();
            if (type != null && System.identityHashCode(type) == each.hash) {
                numbers.put(type, each.number);
                if (each.kind == HeapStream.HIDDEN_CLASS && (each.flags & HeapStream.INITIALIZED) == 0) {
                    history.addUninitialized(type);
                }
            } else if (type != null && ImageClasses.isDefinedByImage(each)) {
                // Nobody can define it a second time.
                return false;
            }
        }
        history.takeOverClasses(numbers, classes.count());
        for (ImagePlan plan : objects.plans()) {
            Class<?> type = plan.type.type();
            EarlierPlan earlier = type == null ? null : EarlierPlan.of(plan, type, classes);
            if (type != null && earlier != null) {
                history.takeOverPlan(type, earlier);
            }
        }
        return true;
    }

    /** About how many bytes a full image would have. */
    private long takeOverObjects(HeapHistory history) {
        List<ImagePlan> plans = objects.plans();
        Map<Object, Integer> changed = objects.changedHashes();
        long live = 0;
        history.ids.begin();
        for (int id = 1; id <= objects.count(); id++) {
            int number = objects.planNumber(id);
            ImagePlan plan = number < 0 ? null : plans.get(number);
            Object object = object(id, plan);
            if (objects.isGone(id)) {
                history.ids.takeOver(null, ObjectIds.GONE);
            } else if (object == null || changed.containsKey(object)) {
                history.ids.takeOver(null, ObjectIds.UNKNOWN);
            } else {
                history.ids.takeOver(object, plan == null ? shapeWithoutData(id) : HeapWriter.shapeOf(object, plan));
                live += HeapWriter.RECORD_BYTES + (plan == null ? 0 : contentBytes(object, id, plan));
            }
        }
        history.ids.end();
        return live;
    }

    private @Nullable Object object(int id, @Nullable ImagePlan plan) {
        Object object = objects.get(id);
        Class<?> type = plan == null ? null : plan.type.type();
        if (plan == null || object == null || type == null) {
            return object;
        }
        return switch (plan.kind) {
            case STATICS -> StaticsOf.of(type);
            case ATTACHMENTS -> AttachmentsOf.of(type);
            default -> object;
        };
    }

    private int shapeWithoutData(int id) {
        return prints.prints().getLong(id) == 0 ? ObjectIds.NAMED : ObjectIds.DESCRIBED;
    }

    private long contentBytes(Object object, int id, ImagePlan plan) {
        return switch (plan.kind) {
            case STRING -> Integer.BYTES + 1 + StringAccess.bytes((String) object).length;
            case PRIMITIVE_ARRAY, REFERENCE_ARRAY -> objects.arrayBytes(id, plan);
            default -> plan.recordBytes;
        };
    }
}
