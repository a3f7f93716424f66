package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.REFERENCE_BASE;
import static dev.ingot.core.jvm.Memory.REFERENCE_SCALE;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.heap.ImagePlan.Binding;
import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.StringAccess;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.Map;

/** Gives allocated objects their contents, in the order of their ids. */
final class Filler {
    private final DataBytes data;
    private final RestoredObjects objects;
    private final Map<Integer, byte[]> lateData = new HashMap<>();
    private LateReferences late = new LateReferences();
    private int filled;

    Filler(DataBytes data, RestoredObjects objects) {
        this.data = data;
        this.objects = objects;
    }

    LateReferences late() {
        return late;
    }

    /** Fills as many objects as there is data for. */
    void fillAvailable() throws IOException, NotRestorableException {
        while (filled < objects.count()) {
            ImagePlan plan = objects.planOf(filled + 1);
            if (plan != null && data.isEmpty() && recordBytes(filled + 1, plan) != 0) {
                return;
            }
            filled++;
            if (plan != null) {
                fill(filled, plan);
            }
        }
    }

    /** Whether every object has its data and no data is left. */
    boolean isDone() {
        return filled == objects.count() && data.isEmpty();
    }

    /** Fills an object that was made late. */
    void fillLate(int id) throws IOException, NotRestorableException {
        byte[] kept = lateData.remove(id);
        ImagePlan plan = objects.planOf(id);
        if (kept != null && plan != null) {
            DataBytes bytes = new DataBytes(() -> {
                throw new IllegalStateException("the data kept of object " + id + " is too short");
            });
            bytes.offer(kept);
            fillNow(id, objects.require(id), plan, bytes);
        }
    }

    /** Sets the noted references whose targets are there by now. */
    void setLate() throws NotRestorableException {
        LateReferences before = late;
        late = new LateReferences();
        for (int index = 0; index < before.count(); index++) {
            int id = before.holder(index);
            ImagePlan plan = objects.planOf(id);
            Object holder = objects.require(id);
            if (holder instanceof Object[] array) {
                storeElement(id, array, before.slot(index), before.target(index));
            } else if (plan != null) {
                storeField(id, base(holder), plan, before.slot(index), before.target(index));
            }
        }
    }

    private void fill(int id, ImagePlan plan) throws IOException, NotRestorableException {
        Object object = objects.get(id);
        if (object == null) {
            long bytes = recordBytes(id, plan);
            if (bytes > Integer.MAX_VALUE - 16) {
                throw new NotRestorableException("object " + id + " of class " + plan.type.name
                        + ", whose class loader is part of the image, is too large to be set aside");
            }
            lateData.put(id, bytes == 0 ? new byte[0] : data.copy((int) bytes, 0));
        } else {
            fillNow(id, object, plan, data);
        }
    }

    private void fillNow(int id, Object object, ImagePlan plan, DataBytes bytes)
            throws IOException, NotRestorableException {
        switch (plan.kind) {
            case OBJECT, LOADER, PARALLEL_LOADER -> fillFields(id, object, plan, bytes);
            case STATICS -> fillStatics(id, plan, bytes);
            case STRING -> fillString((String) object, bytes);
            case PRIMITIVE_ARRAY -> fillPrimitives(object, bytes);
            case REFERENCE_ARRAY -> fillReferences(id, (Object[]) object, bytes);
            case ATTACHMENTS -> fillAttachments(plan.type, bytes);
            case RESOLVED -> throw new IllegalStateException("a resolved object has no data");
        }
    }

    private void fillStatics(int id, ImagePlan plan, DataBytes bytes) throws IOException, NotRestorableException {
        Class<?> type = objects.typeOf(plan);
        initialize(type);
        objects.bind(plan);
        fillFields(id, type, plan, bytes);
        ClassAccess.forgetEnumConstants(type);
    }

    private static void initialize(Class<?> type) throws NotRestorableException {
        try {
            ClassAccess.initialize(type);
        } catch (LinkageError e) {
            throw new NotRestorableException("cannot initialise class " + type.getName() + ": " + e, e);
        }
    }

    private void fillFields(int id, Object object, ImagePlan plan, DataBytes bytes)
            throws IOException, NotRestorableException {
        Binding binding = plan.binding();
        int position = bytes.take(plan.recordBytes());
        binding.primitives.copyIn(bytes.buffer(), position, object);
        position += plan.primitiveBytes;
        for (int index = 0; index < binding.offsets.length; index++) {
            storeField(id, object, plan, index, bytes.fixedAt(position));
            position += Integer.BYTES;
        }
        if (plan.hasState) {
            objects.addState(id, bytes.fixedAt(position));
        }
    }

    private void storeField(int holder, Object base, ImagePlan plan, int index, int target)
            throws NotRestorableException {
        Binding binding = plan.binding();
        long offset = binding.offsets[index];
        if (offset == PrimitiveFields.NOWHERE) {
            return;
        }
        if (target == 0) {
            if (plan.kind == PlanKind.STATICS) {
                UNSAFE.putReference(base, offset, null);
            }
            return;
        }
        Object value = objects.target(target);
        if (value == null) {
            late.add(holder, index, target);
            return;
        }
        Class<?> type = binding.types[index];
        int valuePlan = objects.planNumber(target);
        if (type != null && (valuePlan < 0 || valuePlan != binding.fitting[index])) {
            requireFits(value, type, plan, index);
            binding.fitting[index] = valuePlan;
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

    private void fillString(String string, DataBytes bytes) throws IOException, NotRestorableException {
        int length = bytes.fixed();
        int coder = bytes.octet();
        if (length < 0 || coder < 0 || coder > StringAccess.UTF16 || (length & coder) != 0) {
            throw objects.damaged("no string has length " + length + " and coder " + coder);
        }
        objects.spend(length);
        StringAccess.fill(string, bytes.copy(length, coder), coder);
    }

    private static void fillPrimitives(Object array, DataBytes bytes) throws IOException, NotRestorableException {
        int shift = ImagePlan.elementShift(array.getClass());
        bytes.elements(array, (long) Array.getLength(array) << shift, shift);
    }

    private void fillReferences(int id, Object[] array, DataBytes bytes) throws IOException, NotRestorableException {
        for (int index = 0; index < array.length; index++) {
            storeElement(id, array, index, bytes.fixed());
        }
    }

    private void storeElement(int holder, Object[] array, int index, int target) throws NotRestorableException {
        if (target == 0) {
            return;
        }
        Object value = objects.target(target);
        if (value == null) {
            late.add(holder, index, target);
            return;
        }
        Class<?> component = array.getClass().getComponentType();
        if (component != Object.class && !component.isInstance(value)) {
            throw new NotRestorableException(
                    "cannot store a " + value.getClass().getTypeName() + " in an array of " + component.getTypeName()
                            + "; the image is damaged or the classes changed");
        }
        UNSAFE.putReference(array, REFERENCE_BASE + index * REFERENCE_SCALE, value);
    }

    private void fillAttachments(ImageClass type, DataBytes bytes) throws IOException, NotRestorableException {
        type.protectionDomain = bytes.fixed();
        type.classData = bytes.fixed();
        objects.requireId(type.protectionDomain);
        objects.requireId(type.classData);
    }

    private static Object base(Object holder) {
        return holder instanceof StaticsOf statics ? statics.type : holder;
    }

    private long recordBytes(int id, ImagePlan plan) {
        return switch (plan.kind) {
            case OBJECT, LOADER, PARALLEL_LOADER, STATICS -> plan.recordBytes();
            case ATTACHMENTS -> 2L * Integer.BYTES;
            case STRING -> Integer.BYTES + 1L;
            case PRIMITIVE_ARRAY, REFERENCE_ARRAY -> objects.arrayBytes(id, plan);
            case RESOLVED -> 0;
        };
    }
}
