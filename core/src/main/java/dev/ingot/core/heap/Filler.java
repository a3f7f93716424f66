package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.REFERENCE_BASE;
import static dev.ingot.core.jvm.Memory.REFERENCE_SCALE;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.heap.ImagePlan.Binding;
import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.Memory;
import dev.ingot.core.jvm.StringAccess;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives allocated objects their contents, those that are told last. */
final class Filler {
    private final RestoredObjects objects;
    private final ObjectTable table;
    private final ReadPrints prints;
    private final Map<Integer, byte[]> lateData = new HashMap<>();
    private final Map<Integer, List<LatePart>> lateParts = new HashMap<>();
    private LateReferences late = new LateReferences();
    private final Map<Integer, BitSet> parts = new HashMap<>();
    private final Map<Integer, LongString> longStrings = new HashMap<>();
    private final RestoreListener listener;
    private final Set<Integer> last = new LinkedHashSet<>();
    private boolean atLast;
    private int done;

    Filler(RestoredObjects objects, ReadPrints prints, RestoreListener listener) {
        this.listener = listener;
        this.objects = objects;
        this.table = objects.table();
        this.prints = prints;
    }

    /** Part of the data of an object that is not there yet. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record LatePart(int from, byte[] content) {}

    /** A string whose characters are still coming. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record LongString(byte[] content, int coder) {}

    LateReferences late() {
        return late;
    }

    /** Fills the objects whose data a chunk has. */
    void fill(LaneInput in) throws IOException, NotRestorableException {
        boolean printed = prints.areKept();
        int id = 0;
        while (in.hasMore()) {
            id += in.signed();
            int tag = table.has(id) ? table.noteFilled(id) : ObjectTable.NO_PLAN;
            if (tag < 0) {
                throw withoutData(id, in);
            }
            boolean first = ObjectTable.isFirst(tag);
            if (first) {
                done++;
            } else {
                late.outdate(id, 0);
            }
            ImagePlan plan = objects.plan(ObjectTable.planIn(tag));
            int start = in.position();
            Object object = table.get(id);
            if (object == null) {
                setAside(id, plan, in);
            } else if (plan.kind == PlanKind.OBJECT) {
                fillFields(id, object, plan, first, in);
            } else {
                fill(id, object, plan, first && plan.isMadeEmpty, in);
            }
            if (printed) {
                prints.record(id, plan, in, start);
            }
        }
    }

    private ImagePlan planOf(int id, LaneInput in) throws ImageFormatException {
        ImagePlan plan = id > 0 && id <= objects.count() ? objects.planOf(id) : null;
        if (plan == null) {
            throw withoutData(id, in);
        }
        return plan;
    }

    private static ImageFormatException withoutData(int id, LaneInput in) {
        return in.damaged("there is data of object " + id + ", which has none");
    }

    /** Fills a part of a large array or string. */
    void fillPart(LaneInput in) throws IOException, NotRestorableException {
        int id = in.number();
        int from = in.number();
        ImagePlan plan = planOf(id, in);
        LongString string = longStrings.get(id);
        boolean complete = string != null
                ? notePart(id, from, string.content.length, string.coder, in)
                : notePart(
                        id,
                        from,
                        plan.isArray ? objects.arrayBytes(id, plan) : 0,
                        RestoredObjects.elementShift(plan),
                        in);
        Object object = objects.get(id);
        if (string != null) {
            in.elements(string.content, (long) from << string.coder, in.left(), string.coder);
            if (complete && object instanceof String made) {
                StringAccess.fill(made, string.content, string.coder);
                longStrings.remove(id);
                prints.longString(id, plan, string.content, string.coder);
            }
            return;
        }
        prints.part(id, plan, from, objects, in);
        if (object != null) {
            fillPart(id, object, plan, from, in);
        } else {
            List<LatePart> kept = lateParts.computeIfAbsent(id, absent -> new ArrayList<>());
            kept.removeIf(part -> part.from == from);
            kept.add(new LatePart(from, in.copy(in.left())));
        }
    }

    /** Requires that the part is one of those that the object is cut into; whether all have been there. */
    private boolean notePart(int id, int from, long bytes, int elementShift, LaneInput in) throws ImageFormatException {
        long offset = (long) from << elementShift;
        if (bytes <= HeapStream.LARGEST_WHOLE
                || offset >= bytes
                || offset % HeapStream.PART_BYTES != 0
                || in.left() != Math.min(HeapStream.PART_BYTES, bytes - offset)) {
            throw in.damaged(
                    "object " + id + " of " + bytes + " bytes has no part of " + in.left() + " at element " + from);
        }
        int count = HeapStream.parts(bytes);
        BitSet known = parts.computeIfAbsent(id, absent -> new BitSet());
        int part = (int) (offset / HeapStream.PART_BYTES);
        if (known.get(part)) {
            late.outdate(id, part);
        }
        known.set(part);
        boolean complete = known.cardinality() == count;
        if (complete && objects.fill(id)) {
            done++;
        }
        return complete;
    }

    private void fillPart(int id, Object object, ImagePlan plan, int from, LaneInput in)
            throws IOException, NotRestorableException {
        if (object instanceof Object[] array) {
            fillReferences(id, array, from, in.left() / Integer.BYTES, plan, false, in);
        } else {
            int shift = RestoredObjects.elementShift(plan);
            in.elements(object, (long) from << shift, in.left(), shift);
        }
    }

    /** Whether every object has its data. */
    boolean isDone() {
        return done == objects.withData() && longStrings.isEmpty();
    }

    /** Fills an object that was made late. */
    void fillLate(int id) throws IOException, NotRestorableException {
        ImagePlan plan = objects.planOf(id);
        byte[] kept = lateData.remove(id);
        List<LatePart> keptParts = lateParts.remove(id);
        if (kept != null && plan != null) {
            fill(id, objects.require(id), plan, false, new LaneInput(kept, 0));
        }
        if (keptParts != null && plan != null) {
            for (LatePart part : keptParts) {
                fillPart(id, objects.require(id), plan, part.from, new LaneInput(part.content, 0));
            }
        }
    }

    /** Sets the static fields of classes that were at work until now. To be called once everything else is restored. */
    void fillLast() throws IOException, NotRestorableException {
        atLast = true;
        for (int id : last) {
            fillLate(id);
        }
        setLate();
    }

    /** Sets the noted references whose targets are there by now. */
    void setLate() throws NotRestorableException {
        LateReferences before = late;
        late = new LateReferences();
        for (int index = 0; index < before.count(); index++) {
            if (before.isOutdated(index)) {
                continue;
            }
            int id = before.holder(index);
            ImagePlan plan = objects.planOf(id);
            Object holder = objects.get(id);
            if (holder instanceof Object[] array && plan != null) {
                storeElement(id, array, plan, before.slot(index), before.target(index));
            } else if (holder != null && plan != null) {
                storeField(id, base(holder), plan, before.slot(index), before.target(index));
            }
        }
    }

    private void setAside(int id, ImagePlan plan, LaneInput in) throws ImageFormatException {
        long bytes = recordBytes(id, plan);
        if (bytes > HeapStream.LARGEST_WHOLE && plan.isArray) {
            throw in.damaged("object " + id + " is too large to be whole");
        }
        lateData.put(id, in.copy((int) bytes));
    }

    /** @param empty whether no reference in the object is anything but null */
    private void fill(int id, Object object, ImagePlan plan, boolean empty, LaneInput in)
            throws IOException, NotRestorableException {
        switch (plan.kind) {
            case OBJECT, LOADER, PARALLEL_LOADER -> fillFields(id, object, plan, empty, in);
            case STATICS -> fillStatics(id, plan, in);
            case STRING -> fillString(id, (String) object, in);
            case PRIMITIVE_ARRAY -> fillPrimitives(object, in);
            case REFERENCE_ARRAY -> {
                Object[] array = (Object[]) object;
                fillReferences(id, array, 0, array.length, plan, empty, in);
            }
            case ATTACHMENTS -> fillAttachments(plan.type, in);
            case RESOLVED -> throw new IllegalStateException("a resolved object has no data");
        }
    }

    private void fillStatics(int id, ImagePlan plan, LaneInput in) throws IOException, NotRestorableException {
        Class<?> type = objects.typeOfStatics(plan);
        initialize(type);
        objects.bind(plan);
        if (!atLast && listener.worksMeanwhile(type)) {
            setAside(id, plan, in);
            last.add(id);
            return;
        }
        fillFields(id, type, plan, false, in);
        ClassAccess.forgetEnumConstants(type);
    }

    private static void initialize(Class<?> type) throws NotRestorableException {
        try {
            ClassAccess.initialize(type);
        } catch (LinkageError e) {
            throw new NotRestorableException("cannot initialise class " + type.getName() + ": " + e, e);
        }
    }

    private void fillFields(int id, Object object, ImagePlan plan, boolean empty, LaneInput in)
            throws IOException, NotRestorableException {
        Binding binding = plan.binding();
        byte[] bytes = in.buffer();
        int position = in.take(plan.recordBytes);
        binding.primitives.copyIn(bytes, position, object);
        position += plan.primitiveBytes;
        long[] offsets = binding.offsets;
        int[] fitting = binding.fitting;
        for (int index = 0; index < offsets.length; index++) {
            int target = LaneInput.fixedAt(bytes, position);
            position += Integer.BYTES;
            if (target == 0) {
                if (!empty) {
                    storeNull(object, offsets[index]);
                }
                continue;
            }
            Object value = table.get(target);
            int fits = fitting[index];
            if (value != null && (fits == Binding.ALL_FIT || fits == table.planOf(target))) {
                UNSAFE.putReference(object, offsets[index], value);
            } else {
                storeField(id, object, plan, index, target);
            }
        }
        if (plan.hasState) {
            objects.addState(id, LaneInput.fixedAt(bytes, position));
        }
    }

    private static void storeNull(Object object, long offset) {
        if (offset != PrimitiveFields.NOWHERE) {
            UNSAFE.putReference(object, offset, null);
        }
    }

    /** Stores a reference that needs a closer look. */
    private void storeField(int holder, Object base, ImagePlan plan, int index, int target)
            throws NotRestorableException {
        Binding binding = plan.binding();
        long offset = binding.offsets[index];
        if (offset == PrimitiveFields.NOWHERE) {
            return;
        }
        Object value = objects.target(target);
        if (value == null) {
            late.add(holder, index, target);
            return;
        }
        Class<?> type = binding.types[index];
        if (type != null) {
            requireFits(value, type, plan, index);
            int valuePlan = table.planOf(target);
            binding.fitting[index] = valuePlan < 0 ? ImagePlan.NONE_FITS : valuePlan;
        }
        UNSAFE.putReference(base, offset, value);
    }

    private static void requireFits(Object value, Class<?> type, ImagePlan plan, int index)
            throws NotRestorableException {
        if (!type.isInstance(value)) {
            throw new NotRestorableException(
                    "cannot store a " + value.getClass().getTypeName() + " in field '"
                            + plan.referenceName(index) + "' of class " + plan.type.name + ", which is a "
                            + type.getTypeName() + "; the image is damaged or the classes changed");
        }
    }

    private void fillString(int id, String string, LaneInput in) throws IOException {
        int length = in.fixed();
        int octet = in.octet();
        int coder = octet & ~HeapStream.IN_PARTS;
        boolean inParts = octet != coder;
        if (length < 0
                || coder > StringAccess.UTF16
                || (length & coder) != 0
                || inParts != length > HeapStream.LARGEST_WHOLE) {
            throw in.damaged("no string has length " + length + " and coder " + octet);
        }
        if (inParts) {
            objects.spend(length);
            longStrings.put(id, new LongString(new byte[length], coder));
            parts.remove(id);
            return;
        }
        byte[] content;
        if (Memory.LITTLE_ENDIAN || coder == 0) {
            content = in.copy(length);
        } else {
            content = new byte[length];
            in.elements(content, length, coder);
        }
        StringAccess.fill(string, content, coder);
    }

    private static void fillPrimitives(Object array, LaneInput in) throws IOException {
        int shift = ImagePlan.elementShift(array.getClass());
        in.elements(array, Math.multiplyExact(Array.getLength(array), 1 << shift), shift);
    }

    private void fillReferences(
            int id, Object[] array, int from, int count, ImagePlan plan, boolean empty, LaneInput in)
            throws IOException, NotRestorableException {
        byte[] bytes = in.buffer();
        int position = in.take(Math.multiplyExact(count, Integer.BYTES));
        int fits = array.getClass() == Object[].class ? Binding.ALL_FIT : plan.fitting;
        for (int index = from; index < from + count; index++) {
            int target = LaneInput.fixedAt(bytes, position);
            position += Integer.BYTES;
            if (target == 0) {
                if (!empty) {
                    UNSAFE.putReference(array, offset(index), null);
                }
                continue;
            }
            Object value = table.get(target);
            if (value != null && (fits == Binding.ALL_FIT || fits == table.planOf(target))) {
                UNSAFE.putReference(array, offset(index), value);
            } else {
                storeElement(id, array, plan, index, target);
                fits = fits == Binding.ALL_FIT ? fits : plan.fitting;
            }
        }
    }

    private static long offset(int index) {
        return REFERENCE_BASE + index * REFERENCE_SCALE;
    }

    /** Stores a reference that needs a closer look. */
    private void storeElement(int holder, Object[] array, ImagePlan plan, int index, int target)
            throws NotRestorableException {
        Object value = objects.target(target);
        if (value == null) {
            late.add(holder, index, target);
            return;
        }
        requireFits(value, array);
        int valuePlan = table.planOf(target);
        plan.fitting = valuePlan < 0 ? ImagePlan.NONE_FITS : valuePlan;
        UNSAFE.putReference(array, offset(index), value);
    }

    private static void requireFits(Object value, Object[] array) throws NotRestorableException {
        Class<?> component = array.getClass().getComponentType();
        if (!component.isInstance(value)) {
            throw new NotRestorableException(
                    "cannot store a " + value.getClass().getTypeName() + " in an array of " + component.getTypeName()
                            + "; the image is damaged or the classes changed");
        }
    }

    private void fillAttachments(ImageClass type, LaneInput in) throws IOException, NotRestorableException {
        type.protectionDomain = in.fixed();
        type.classData = in.fixed();
        objects.requireId(type.protectionDomain);
        objects.requireId(type.classData);
    }

    private static Object base(Object holder) {
        return holder instanceof StaticsOf statics ? statics.type : holder;
    }

    private long recordBytes(int id, ImagePlan plan) {
        return switch (plan.kind) {
            case OBJECT, LOADER, PARALLEL_LOADER, STATICS -> plan.recordBytes;
            case ATTACHMENTS -> 2L * Integer.BYTES;
            case STRING -> Integer.BYTES + 1L;
            case PRIMITIVE_ARRAY, REFERENCE_ARRAY -> objects.arrayBytes(id, plan);
            case RESOLVED -> 0;
        };
    }
}
