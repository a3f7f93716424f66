package dev.ingot.scheduler.control;

import dev.ingot.accelerator.device.Outlook;
import dev.ingot.accelerator.state.Equipment;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Prospect;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, from the descriptions in images and those of nodes, where images with accelerators could go on, and tells the core before it hears of
 * the image or the node. Nothing of that opens a device. Thread-safe.
 *
 * <p>Descriptions of nodes are not kept over a restart: nodes are asked for them again. What the core was told it knows from its journal.
 */
final class Foresight {
    private static final String NOT_OF_USE = "";
    private static final int MOST_EQUIPMENT_CHARACTERS = 256 << 10;
    private static final int MOST_IMAGE_CHARACTERS = 1 << 20;
    private static final int MOST_EQUIPMENTS = 1000;
    private static final int MOST_SEEN = 20_000;

    private final ControlPlane plane;
    private final PoolDirectory directory;
    private final Executor files;
    private final Map<String, String> equipments = new ConcurrentHashMap<>();
    /** The images that were looked at last, by workload, with the equipments that were known then. */
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    private record Seen(String image, Set<String> equipments) {}

    /** An image, and how its program is described; null for a program that is not there. */
    private record Subject(
            String workload, String image, @Nullable WorkloadSpec spec) {}

    /** @param files for what needs them; nobody is to wait there for anything else, since beats do */
    Foresight(ControlPlane plane, PoolDirectory directory, Executor files) {
        this.plane = plane;
        this.directory = directory;
        this.files = files;
    }

    /** Whether a node has to say what its accelerators are. */
    boolean wants(String equipment) {
        return !equipment.isEmpty() && !equipments.containsKey(equipment);
    }

    /**
     * Tells the core all that a beat makes it possible to foresee. What is asked of the core when this is done comes after it.
     *
     * @param description of the sender's accelerators; null if it does not say
     */
    CompletableFuture<String> before(Command.Join join, @Nullable String description, List<Report> reports) {
        String unknown = wants(join.equipment()) ? description : null;
        if (unknown == null && reports.stream().allMatch(this::isCovered)) {
            return CompletableFuture.completedFuture("");
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    if (unknown != null) {
                        learn(join.equipment(), unknown);
                    }
                    reports.stream().filter(report -> !isCovered(report)).forEach(this::look);
                    return "";
                },
                files);
    }

    private boolean isCovered(Report report) {
        ImageReference image = report.image();
        if (image == null || !image.hasDevices()) {
            return true;
        }
        Seen last = seen.get(report.workload());
        return last != null && last.image.equals(image.directory()) && last.equipments.containsAll(equipments.keySet());
    }

    private synchronized void learn(String key, String description) {
        if (equipments.containsKey(key)) {
            return;
        }
        if (!ContentHash.of(description).equals(key)) {
            throw new Refusal(Reply.BAD_REQUEST, "member 'equipmentDescription' is not what 'equipment' stands for");
        }
        if (!isOfUse(description)) {
            // Its programs are tried there, as on nodes that say nothing.
            equipments.put(key, NOT_OF_USE);
            return;
        }
        equipments.put(key, description);
        for (Subject subject : plane.look((pool, now) -> subjects(pool)).join()) {
            foresee(subject, Map.of(key, description));
        }
    }

    private boolean isOfUse(String description) {
        try {
            if (description.length() > MOST_EQUIPMENT_CHARACTERS || equipments.size() >= MOST_EQUIPMENTS) {
                throw new IllegalArgumentException("it is too long, or one too many");
            }
            Equipment.parse(description);
            return true;
        } catch (IllegalArgumentException malformed) {
            System.err.println(
                    "ingot: a node's description of its accelerators is of no use here: " + malformed.getMessage());
            return false;
        }
    }

    /** All images that anybody may go on from and that have accelerators. */
    private static List<Subject> subjects(Pool pool) {
        List<Subject> subjects = new ArrayList<>();
        for (WorkloadView view : pool.workloads()) {
            ImageReference image = view.image();
            if (image != null && image.hasDevices() && !view.state().isEnded()) {
                for (String kept : pool.keptImages(view.id())) {
                    subjects.add(new Subject(view.id(), kept, view.spec()));
                }
            }
        }
        return subjects;
    }

    private synchronized void look(Report report) {
        ImageReference image = report.image();
        if (image == null || isCovered(report)) {
            return;
        }
        Subject subject = plane.look((pool, now) -> subject(pool, report, image.directory()))
                .join();
        if (subject.image().isEmpty()) {
            return;
        }
        Map<String, String> known = new TreeMap<>(equipments);
        known.values().removeIf(NOT_OF_USE::equals);
        foresee(subject, known);
        if (seen.size() >= MOST_SEEN) {
            // What ran long ago is looked at again if it ever comes back.
            seen.clear();
        }
        seen.put(report.workload(), new Seen(image.directory(), Set.copyOf(equipments.keySet())));
    }

    /** With no image if the report is of nothing that runs. */
    private static Subject subject(Pool pool, Report report, String image) {
        WorkloadView view = pool.workload(report.workload());
        boolean runs = view != null && view.epoch() == report.epoch() && ImageStore.isImageDirectory(image);
        return new Subject(report.workload(), runs ? image : "", view == null ? null : view.spec());
    }

    /** On nodes of one equipment; of a workload that names kinds of accelerators, with those of each. */
    private static Map<String, Prospect> prospects(
            String devices, Map.Entry<String, String> equipment, WorkloadSpec spec) {
        Map<String, Prospect> prospects = new HashMap<>();
        for (Alternative each : spec.alternatives()) {
            Map<String, String> replacements = new HashMap<>();
            for (String pair : spec.replacements(each)) {
                replacements.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            Outlook outlook = Outlook.of(devices, equipment.getValue(), spec.environment(), replacements);
            if (outlook != null) {
                prospects.put(
                        spec.namesAccelerators() ? Prospect.key(equipment.getKey(), each.kind()) : equipment.getKey(),
                        prospect(outlook));
            }
        }
        return prospects;
    }

    private void foresee(Subject subject, Map<String, String> among) {
        WorkloadSpec spec = subject.spec();
        if (spec == null) {
            return;
        }
        Map<String, Prospect> prospects = new HashMap<>();
        try {
            String devices = devices(subject);
            for (Map.Entry<String, String> equipment : among.entrySet()) {
                prospects.putAll(prospects(devices, equipment, spec));
            }
        } catch (ImageException | IllegalArgumentException unknown) {
            // It is tried where there is room, as one of which nothing is known, and says there what is wrong.
            System.err.println("ingot: cannot foresee where " + subject.workload() + " could go on from "
                    + subject.image() + ": " + unknown.getMessage());
        }
        if (!prospects.isEmpty()) {
            plane.submit(new Command.Foresee(subject.workload(), subject.image(), prospects))
                    .join();
        }
    }

    private String devices(Subject subject) throws ImageException {
        String described = ImageStore.open(directory
                        .images(subject.workload())
                        .resolve(subject.workload())
                        .resolve(subject.image()))
                .manifest()
                .contents()
                .notes()
                .get(ImageContents.DEVICES_NOTE);
        if (described == null || described.length() > MOST_IMAGE_CHARACTERS) {
            throw new IllegalArgumentException("it does not describe its accelerators, or at too great length");
        }
        return described;
    }

    private static Prospect prospect(Outlook outlook) {
        return new Prospect(outlook.isPossible(), outlook.recomputedNanos() / 1_000_000, outlook.reason());
    }
}
