package dev.ingot.core.heap;

import dev.ingot.core.jvm.HashTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What follows the last chunk: classes in loaders of the program and all that waits for them, then codecs. */
final class Completion {
    private static final int MOST_PROBLEMS = 10;

    /** The order of codecs without which no class can be loaded by a loader of the program. */
    private static final int EARLY = -1000;

    private final RestoredObjects objects;
    private final Filler filler;
    private final ObjectCodecs codecs;
    private final PathNames names;
    private boolean earlyRestored;

    Completion(RestoredObjects objects, Filler filler, ObjectCodecs codecs, PathNames names) {
        this.objects = objects;
        this.filler = filler;
        this.codecs = codecs;
        this.names = names;
    }

    RestoredHeap run(int root) throws IOException, NotRestorableException {
        while (!objects.pending().isEmpty() || !objects.classes().isComplete()) {
            if (!round() && !restoreEarlyStates() && !objects.classes().completeProxies()) {
                throw incomplete();
            }
        }
        requireNoConflicts();
        objects.classes().setClassData(objects::get);
        rehash();
        restoreStates();
        filler.fillLast();
        return new RestoredHeap(objects.require(root), objects.warnings());
    }

    private void requireNoConflicts() throws NotRestorableException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Integer, String> conflict : objects.conflicts().entrySet()) {
            int id = firstOf(conflict.getKey());
            if (lines.size() < MOST_PROBLEMS) {
                lines.add(conflict.getValue() + (id == 0 ? "" : "; reached by " + path(objects.require(id))));
            }
        }
        if (!lines.isEmpty()) {
            throw new NotRestorableException(String.join(System.lineSeparator(), lines));
        }
    }

    /** The first object that the image holds by this plan, 0 if there is none. */
    private int firstOf(int planNumber) {
        for (int id = 1; id <= objects.count(); id++) {
            if (objects.planNumber(id) == planNumber && !objects.isGone(id)) {
                return id;
            }
        }
        return 0;
    }

    private boolean round() throws IOException, NotRestorableException {
        boolean classesCame = objects.classes().completeLate();
        List<Integer> made = objects.makePending();
        for (int id : made) {
            filler.fillLate(id);
        }
        filler.setLate();
        return classesCame || !made.isEmpty();
    }

    /**
     * Methods and the like can be looked up only once class loaders can load; their class paths come by codecs. Once, when
     * nothing else is left to do: what those codecs need is there by then.
     */
    private boolean restoreEarlyStates() throws NotRestorableException {
        if (earlyRestored) {
            return false;
        }
        earlyRestored = true;
        BitSet current = objects.currentStates();
        for (int index = current.nextSetBit(1); index >= 1; index = current.nextSetBit(index + 1)) {
            int id = objects.statefulObject(index);
            int state = objects.stateOf(index);
            if (objects.get(id) != null && state != 0 && objects.get(state) != null) {
                Stateful early = stateful(id, state);
                if (early.codec().order() <= EARLY) {
                    restoreState(early);
                }
            }
        }
        objects.retryFailed();
        return true;
    }

    /** Objects of this JVM whose hash could not be set, such as classes it had used as keys, lie elsewhere in hash tables now. */
    private void rehash() throws NotRestorableException {
        Map<Object, Integer> changed = objects.changedHashes();
        if (changed.isEmpty()) {
            return;
        }
        for (int id = 1; id <= objects.count(); id++) {
            Object object = objects.get(id);
            if (object != null && !rehash(object, changed)) {
                objects.warnings()
                        .add("a ConcurrentHashMap was growing when the image was taken and has keys whose"
                                + " identity hash code is another one here; lookups of these keys may fail");
            }
        }
    }

    private static boolean rehash(Object table, Map<Object, Integer> changed) throws NotRestorableException {
        try {
            return HashTables.rehash(table, changed);
        } catch (RuntimeException e) {
            throw new NotRestorableException(
                    "cannot put the entries of a " + table.getClass().getTypeName() + " in order; the image is damaged",
                    e);
        }
    }

    private void restoreStates() throws NotRestorableException {
        List<Stateful> all = new ArrayList<>();
        BitSet current = objects.currentStates();
        for (int index = current.nextSetBit(1); index >= 1; index = current.nextSetBit(index + 1)) {
            all.add(stateful(objects.statefulObject(index), objects.stateOf(index)));
        }
        all.sort((one, other) ->
                Integer.compare(one.codec().order(), other.codec().order()));
        for (Stateful stateful : all) {
            restoreState(stateful);
        }
    }

    private Stateful stateful(int id, int state) throws NotRestorableException {
        Object object = objects.require(id);
        if (state == 0 || !(objects.get(state) instanceof Object[] parts)) {
            throw new NotRestorableException(
                    "the state of a " + object.getClass().getTypeName() + " is no array; the image is damaged");
        }
        return new Stateful(id, object, parts, Objects.requireNonNull(codecs.codecOf(object.getClass())));
    }

    private void restoreState(Stateful stateful) throws NotRestorableException {
        try {
            stateful.codec().restore(stateful.object(), stateful.state());
        } catch (NotRestorableException e) {
            throw new NotRestorableException(e.getMessage() + "; reached by " + path(stateful.object()), e);
        } catch (RuntimeException e) {
            throw new NotRestorableException(
                    "cannot restore a " + stateful.object().getClass().getTypeName() + ": " + e + "; reached by "
                            + path(stateful.object()),
                    e);
        }
    }

    /** Says what is missing, each thing once, with the way to one object that needs it. */
    private NotRestorableException incomplete() {
        Map<String, String> problems = new LinkedHashMap<>();
        Map<String, String> consequences = new LinkedHashMap<>();
        for (Pending pending : objects.pending()) {
            String problem = objects.problemOf(pending.id());
            if (problem == null) {
                note(objects.consequenceOf(pending.id()), pending.id(), consequences);
            } else {
                note(problem, pending.id(), problems);
            }
        }
        List<String> lines = new ArrayList<>();
        if (problems.isEmpty()) {
            lines.addAll(objects.classes().unresolved(MOST_PROBLEMS));
            problems = consequences;
        }
        problems.forEach((problem, path) -> lines.add(path.isEmpty() ? problem : problem + "; reached by " + path));
        return new NotRestorableException(String.join(System.lineSeparator(), lines));
    }

    /** Keeps the first way that is found to something that has a problem. */
    private void note(String problem, int id, Map<String, String> problems) {
        String path = problems.getOrDefault(problem, "");
        if (path.isEmpty() && (problems.size() < MOST_PROBLEMS || problems.containsKey(problem))) {
            problems.put(problem, pathToMissing(id));
        }
    }

    private String pathToMissing(int id) {
        LateReferences late = filler.late();
        for (int index = 0; index < late.count(); index++) {
            if (late.target(index) == id) {
                int holder = late.holder(index);
                ImagePlan plan = objects.planOf(holder);
                String step = plan == null || plan.kind == PlanKind.REFERENCE_ARRAY
                        ? "[" + late.slot(index) + ']'
                        : plan.referenceName(late.slot(index));
                return path(paths -> paths.pathAlong(holder, step));
            }
        }
        return "";
    }

    private String path(Object object) {
        return path(paths -> paths.pathToObject(object));
    }

    private String path(Function<PathFinder, String> told) {
        try (ObjectIds ids = ObjectIds.holdingAll(false)) {
            for (int id = 1; id <= objects.count(); id++) {
                Object object = objects.get(id);
                ids.add(object == null ? new Object() : object, objects.planNumber(id));
            }
            return told.apply(new PathFinder(ids, id -> objects.planNumber(id) >= 0, names));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Stateful(int id, Object object, Object[] state, ObjectCodec<Object> codec) {}
}
