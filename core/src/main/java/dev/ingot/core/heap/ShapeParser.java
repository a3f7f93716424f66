package dev.ingot.core.heap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the shape lane, knowing the classes and plans defined so far. */
final class ShapeParser {
    private static final int MOST_DIMENSIONS = 255;

    /** Bytes of a record of a plain object with a number of two bytes and a hash of one. */
    private static final int LONGEST_PLAIN = 3;

    private final ShapeHandler handler;
    private final ImageClasses classes;
    private ImagePlan[] plans = new ImagePlan[64];
    private int planCount;
    private int objects;
    private int nextHash;
    private int lastClaimed;
    private boolean claimsCount;

    ShapeParser(ShapeHandler handler, ImageClasses classes) {
        this.handler = handler;
        this.classes = classes;
    }

    /**
     * Begins a segment.
     *
     * @param claimed the number before the first that its walk gave to an object as its hash
     * @param seen whether anybody can have seen such a hash
     */
    void begin(int claimed, boolean seen) {
        nextHash = 0;
        lastClaimed = claimed;
        claimsCount = seen;
    }

    /** The highest number that a walk gave to an object as its hash so far. */
    int lastClaimed() {
        return lastClaimed;
    }

    ImagePlan plan(int number) {
        return plans[number];
    }

    List<ImagePlan> plans() {
        return List.of(Arrays.copyOf(plans, planCount));
    }

    void parse(LaneInput in) throws ImageFormatException, NotRestorableException {
        while (in.hasMore()) {
            parsePlain(in);
            if (in.hasMore()) {
                parseRecord(in);
            }
        }
    }

    /** Parses the records of plain objects that follow, which are most of all records, up to one that {@link #parseRecord} has to look at. */
    private void parsePlain(LaneInput in) throws ImageFormatException, NotRestorableException {
        byte[] bytes = in.buffer();
        int limit = in.position() + in.left();
        int position = in.position();
        while (limit - position > LONGEST_PLAIN) {
            int next = position;
            int code = bytes[next++];
            if (code < 0) {
                code = (code & 0x7f) | (bytes[next++] << 7);
            }
            int number = (code - HeapStream.FIRST_PLAN) >> 1;
            if (number < 0 || number >= planCount || !plans[number].isPlain()) {
                break;
            }
            int hash;
            if ((code & 1) == 0) {
                hash = claimedHash();
            } else if (bytes[next] >= 0) {
                hash = followingHash(bytes[next++]);
            } else {
                break;
            }
            position = next;
            objects++;
            handler.onPlain(hash, plans[number]);
        }
        in.skipTo(position);
    }

    private void parseRecord(LaneInput in) throws ImageFormatException, NotRestorableException {
        int code = in.number();
        if (code >= HeapStream.FIRST_PLAN) {
            parseInstance(code, in);
            return;
        }
        switch (code) {
            case HeapStream.CLASS -> handler.onClass(parseClass(in));
            case HeapStream.PLAN -> parsePlan(in);
            case HeapStream.LOADER -> handler.onLoader(in.index(objects + 1, "object"), in.text());
            case HeapStream.EXTERNAL -> {
                objects++;
                handler.onExternal(fixedHash(in), in.text(), optionalClass(in));
            }
            case HeapStream.LITERAL -> {
                objects++;
                handler.onLiteral(fixedHash(in), in.text());
            }
            case HeapStream.MIRROR -> {
                objects++;
                handler.onMirror(aClass(in));
            }
            case HeapStream.MODULE -> {
                objects++;
                handler.onModule(fixedHash(in), in.index(objects, "object"));
            }
            default -> throw noSuch(code, in);
        }
    }

    private void parseInstance(int code, LaneInput in) throws ImageFormatException, NotRestorableException {
        int number = (code - HeapStream.FIRST_PLAN) >>> 1;
        if (number >= planCount) {
            throw noSuch(code, in);
        }
        int hash = (code & 1) == 0 ? claimedHash() : nextHash(in);
        ImagePlan plan = plans[number];
        objects++;
        if (plan.kind == PlanKind.RESOLVED) {
            long offset = in.offset();
            handler.onResolved(hash, plan, new LaneInput(in.blob(), offset));
        } else {
            handler.onInstance(hash, plan, plan.isArray ? in.number() : ShapeHandler.NO_LENGTH);
        }
    }

    private static ImageFormatException noSuch(int code, LaneInput in) {
        return in.damaged("record code " + code + " does not exist");
    }

    private int nextHash(LaneInput in) throws ImageFormatException {
        return followingHash(in.number());
    }

    private int followingHash(int difference) {
        int hash = difference ^ nextHash;
        nextHash = (hash + 1) & Integer.MAX_VALUE;
        return hash;
    }

    private int fixedHash(LaneInput in) throws ImageFormatException {
        int hash = in.fixed();
        return hash == 0 ? claimedHash() : hash;
    }

    /** The objects of a segment that had no hash were given one number after the other. */
    private int claimedHash() {
        lastClaimed = (lastClaimed + 1) & Integer.MAX_VALUE;
        return claimsCount ? lastClaimed : 0;
    }

    private ImageClass parseClass(LaneInput in) throws ImageFormatException {
        int number = classes.count();
        int hash = in.fixed();
        int kind = in.octet();
        return switch (kind) {
            case HeapStream.PRIMITIVE_CLASS -> {
                int descriptor = in.octet();
                if ("ZBCSIJFDV".indexOf(descriptor) < 0) {
                    throw in.damaged("no primitive type has descriptor " + descriptor);
                }
                yield new ImageClass(
                        number, hash, kind, String.valueOf((char) descriptor), 0, new int[0], new byte[0], descriptor);
            }
            case HeapStream.ARRAY_CLASS -> {
                ImageClass component = aClass(in);
                requireShallow(component, in);
                yield new ImageClass(
                        number, hash, kind, component.name + "[]", 0, new int[] {component.number}, new byte[0], 0);
            }
            case HeapStream.NAMED_CLASS -> {
                int loader = loader(in);
                yield new ImageClass(number, hash, kind, in.text(), loader, new int[0], new byte[0], 0);
            }
            case HeapStream.PROXY_CLASS -> {
                int loader = loader(in);
                yield new ImageClass(number, hash, kind, "a proxy", loader, someClasses(in, 0), new byte[0], 0);
            }
            case HeapStream.RECORDED_CLASS -> parseRecorded(number, hash, kind, in);
            case HeapStream.HIDDEN_CLASS -> parseHidden(number, hash, kind, in);
            default -> throw in.damaged("kind of class " + kind + " does not exist");
        };
    }

    /** The name of an array class has that of its component in it, so names would grow with the square of the records. */
    private void requireShallow(ImageClass component, LaneInput in) throws ImageFormatException {
        ImageClass each = component;
        for (int dimensions = 1; each.kind == HeapStream.ARRAY_CLASS; dimensions++) {
            if (dimensions == MOST_DIMENSIONS) {
                throw in.damaged("no array has more than " + MOST_DIMENSIONS + " dimensions");
            }
            each = classes.get(each.needed[0]);
        }
    }

    private ImageClass parseRecorded(int number, int hash, int kind, LaneInput in) throws ImageFormatException {
        int loader = loader(in);
        String name = in.text();
        int superclass = in.index(classes.count() + 1, "class");
        int[] needed = someClasses(in, superclass == 0 ? 0 : 1);
        if (superclass != 0) {
            needed[0] = superclass - 1;
        }
        return new ImageClass(number, hash, kind, name, loader, needed, in.blob(), 0);
    }

    private ImageClass parseHidden(int number, int hash, int kind, LaneInput in) throws ImageFormatException {
        int host = aClass(in).number;
        int flags = in.octet();
        String name = in.text();
        return new ImageClass(number, hash, kind, name, 0, new int[] {host}, in.blob(), flags);
    }

    private int loader(LaneInput in) throws ImageFormatException {
        return in.index(objects + 1, "object");
    }

    private ImageClass aClass(LaneInput in) throws ImageFormatException {
        return classes.get(in.index(classes.count(), "class"));
    }

    private @Nullable ImageClass optionalClass(LaneInput in) throws ImageFormatException {
        int number = in.index(classes.count() + 1, "class");
        return number == 0 ? null : classes.get(number - 1);
    }

    private int[] someClasses(LaneInput in, int leaveFree) throws ImageFormatException {
        int[] some = new int[in.count(1) + leaveFree];
        for (int index = leaveFree; index < some.length; index++) {
            some[index] = aClass(in).number;
        }
        return some;
    }

    private void parsePlan(LaneInput in) throws ImageFormatException, NotRestorableException {
        int code = in.octet();
        PlanKind planKind = PlanKind.of(code);
        if (planKind == null) {
            throw in.damaged("kind of plan " + code + " does not exist");
        }
        ImageClass type = aClass(in);
        boolean hasState = planKind.hasFields() && in.octet() != 0;
        List<ImageField> fields = planKind.hasFields() ? parseFields(in) : List.of();
        ImagePlan plan = new ImagePlan(planCount, planKind, type, hasState, fields);
        if (planCount == plans.length) {
            plans = Arrays.copyOf(plans, planCount * 2);
        }
        plans[planCount++] = plan;
        handler.onPlan(plan);
    }

    private List<ImageField> parseFields(LaneInput in) throws ImageFormatException {
        int count = in.count(4);
        List<ImageField> fields = new ArrayList<>(count);
        boolean references = false;
        for (int index = 0; index < count; index++) {
            ImageField field = new ImageField(aClass(in).number, in.text(), in.text());
            boolean primitive = field.descriptor().length() == 1 && "ZBCSIJFD".contains(field.descriptor());
            boolean reference =
                    field.descriptor().startsWith("L") || field.descriptor().startsWith("[");
            if ((!primitive || references) && (!reference || field.descriptor().length() == 1)) {
                throw in.damaged("field '" + field.name() + "' has descriptor '" + field.descriptor() + "'");
            }
            references |= reference;
            fields.add(field);
        }
        return fields;
    }
}
