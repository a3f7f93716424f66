package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody wants to have run.
 *
 * @param name of the program, part of the workload's id; a valid image name
 * @param tenant on whose reservation it runs, if it is Premium
 * @param priority orders the queue within a tier, higher first
 * @param command a {@code java} command line
 * @param directory in which it is started, absolute
 * @param environment variables set beside those of the node
 * @param checkpointMillis how often an image is taken; 0 for only when it is asked for
 * @param gang how many copies of it run together; 1 for a workload of its own
 * @param least how many of these at least; the others run where there is room that nobody else of their tier wants
 * @param services that others reach wherever it runs
 * @param files that it finds wherever it runs
 * @param placement where it may run, and how members of a gang lie beside each other
 * @param alternatives the ways in which it can have what it computes with, the fastest first, which is {@code needs}; where it said none, that
 *     alone
 * @param minimumRunMillis how long it runs at least after each start before anything but Premium preempts it; 0 where it said nothing
 */
public record WorkloadSpec(
        String name,
        String tenant,
        Tier tier,
        int priority,
        Resources needs,
        List<String> command,
        String directory,
        Map<String, String> environment,
        long checkpointMillis,
        int gang,
        int least,
        List<ServicePort> services,
        List<ShippedFile> files,
        PlacementRule placement,
        List<Alternative> alternatives,
        long minimumRunMillis) {
    /** A variable that tells a member of a gang which one it is, from 0 on. */
    public static final String INDEX_VARIABLE = "INGOT_GANG_INDEX";
    /** A variable that tells a member of a gang how many they are. */
    public static final String SIZE_VARIABLE = "INGOT_GANG_SIZE";
    /**
     * A variable with the numbers of the node's accelerators which it has, or has a part of, as in {@code 0,3}. Where its description names
     * kinds, they count the node's accelerators of the kind that it has alone; otherwise all of the node, kind by kind.
     */
    public static final String DEVICES_VARIABLE = "INGOT_DEVICES";
    /** A variable with the kind of accelerators which it has, as in {@code gpu}, where its description names kinds; {@code cpu} for none. */
    public static final String DEVICE_KIND_VARIABLE = "INGOT_DEVICE_KIND";
    /** A variable with its share of each accelerator, without the owner, who is the tenant. */
    public static final String DEVICE_SHARE_VARIABLE = "INGOT_DEVICE_SHARE";
    /** A variable that names accelerators to go on on where others are missing. */
    public static final String DEVICE_INSTEAD_VARIABLE = "INGOT_DEVICE_INSTEAD";
    /** A variable with the weakest promise about results that these may leave. */
    public static final String DEVICE_DETERMINISM_VARIABLE = "INGOT_DEVICE_DETERMINISM";
    /** A variable with the directory of its files, the same on every node. */
    public static final String FILES_VARIABLE = "INGOT_FILES";
    /** What stands for that directory in a command, and at the beginning of its directory. */
    public static final String FILES_PLACEHOLDER = "${files}";
    /** How much heavier than others a share of an accelerator can be. */
    public static final int MOST_DEVICE_WEIGHT = 100;
    /** How large a gang can be. */
    public static final int MOST_MEMBERS = 1000;
    /** How long a workload can have itself left alone after each start. */
    public static final long MOST_MINIMUM_RUN_MILLIS = 24 * 3_600_000;

    public WorkloadSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        services = List.copyOf(services);
        files = List.copyOf(files);
        alternatives = alternatives.isEmpty()
                ? List.of(new Alternative(AcceleratorKind.ANY, needs, Alternative.FULL_SPEED))
                : List.copyOf(alternatives);
        if (!alternatives.get(0).needs().equals(needs)) {
            throw new IllegalArgumentException("it needs " + needs + ", but first " + alternatives.get(0));
        }
        if (minimumRunMillis < 0 || minimumRunMillis > MOST_MINIMUM_RUN_MILLIS) {
            throw new IllegalArgumentException(
                    "a minimum run is from 0 to " + MOST_MINIMUM_RUN_MILLIS + " ms, not " + minimumRunMillis);
        }
    }

    /** A workload of its own, with nothing but what every one has; {@link #toBuilder} gives it more. */
    public WorkloadSpec(
            String name,
            String tenant,
            Tier tier,
            int priority,
            Resources needs,
            List<String> command,
            String directory,
            Map<String, String> environment,
            long checkpointMillis) {
        this(
                name,
                tenant,
                tier,
                priority,
                needs,
                command,
                directory,
                environment,
                checkpointMillis,
                1,
                1,
                List.of(),
                List.of(),
                PlacementRule.NONE,
                List.of(),
                0);
    }

    /** Whether it said in which ways it can have what it computes with. */
    public boolean namesAccelerators() {
        return alternatives.size() > 1 || alternatives.get(0).kind() != AcceleratorKind.ANY;
    }

    /**
     * By which accelerators those of an image are replaced where the workload has one of its alternatives, as in {@code gpu=cpu}: all of other
     * kinds, be they there or not, as they are not the workload's there.
     */
    public List<String> replacements(Alternative chosen) {
        return alternatives.stream()
                .map(Alternative::kind)
                .distinct()
                .filter(kind -> kind != chosen.kind())
                .map(kind -> kind.text() + "=" + chosen.kind().text())
                .toList();
    }

    /** One that is the same until it is told otherwise. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Of one member of the gang. */
    WorkloadSpec member(int index) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put(INDEX_VARIABLE, Integer.toString(index));
        variables.put(SIZE_VARIABLE, Integer.toString(gang));
        // One beyond the least number has images of its own, like a workload of its own.
        int together = index < least ? least : 1;
        return toBuilder()
                .environment(variables)
                .gang(together, together)
                .services(servicesOf(index))
                .build();
    }

    private List<ServicePort> servicesOf(int index) {
        return services.stream()
                .flatMap(service -> service.ofMember(index).stream())
                .toList();
    }

    /** At which addresses it is reached: of a gang, all members together and each alone. The same address is there once. */
    public List<ServicePort> servicesOfAll() {
        if (gang == 1 || services.isEmpty()) {
            return services;
        }
        Map<String, ServicePort> all = new LinkedHashMap<>();
        for (int index = 0; index < gang; index++) {
            servicesOf(index).forEach(each -> all.putIfAbsent(each.name(), each));
        }
        return List.copyOf(all.values());
    }

    /** The same with other services. */
    public WorkloadSpec serving(List<ServicePort> others) {
        return toBuilder().services(others).build();
    }

    /** The same, placed by another rule. */
    public WorkloadSpec placed(PlacementRule rule) {
        return toBuilder().placement(rule).build();
    }

    /** The same with other files. */
    public WorkloadSpec shipping(List<ShippedFile> others) {
        return toBuilder().files(others).build();
    }

    /** The same, with its files in this directory. */
    public WorkloadSpec withFilesIn(String place) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put(FILES_VARIABLE, place);
        return toBuilder()
                .command(command.stream()
                        .map(argument -> argument.replace(FILES_PLACEHOLDER, place))
                        .toList())
                .directory(directory.replace(FILES_PLACEHOLDER, place))
                .environment(variables)
                .build();
    }

    /** Puts a description together: one that is the same as another but for what is set. Not thread-safe. */
    public static final class Builder {
        private final WorkloadSpec before;
        private Resources needs;
        private List<String> command;
        private String directory;
        private Map<String, String> environment;
        private int gang;
        private int least;
        private List<ServicePort> services;
        private List<ShippedFile> files;
        private PlacementRule placement;
        private List<Alternative> alternatives;
        private long minimumRunMillis;

        private Builder(WorkloadSpec before) {
            this.before = before;
            this.needs = before.needs;
            this.command = before.command;
            this.directory = before.directory;
            this.environment = before.environment;
            this.gang = before.gang;
            this.least = before.least;
            this.services = before.services;
            this.files = before.files;
            this.placement = before.placement;
            this.alternatives = before.alternatives;
            this.minimumRunMillis = before.minimumRunMillis;
        }

        private Builder command(List<String> value) {
            command = value;
            return this;
        }

        private Builder directory(String value) {
            directory = value;
            return this;
        }

        private Builder environment(Map<String, String> value) {
            environment = value;
            return this;
        }

        /** How many copies run together: {@code size} at most, {@code atLeast} at least. */
        public Builder gang(int size, int atLeast) {
            gang = size;
            least = atLeast;
            return this;
        }

        /** See {@link WorkloadSpec#services}. */
        public Builder services(List<ServicePort> value) {
            services = value;
            return this;
        }

        /** See {@link WorkloadSpec#files}. */
        public Builder files(List<ShippedFile> value) {
            files = value;
            return this;
        }

        /** See {@link WorkloadSpec#placement}. */
        public Builder placement(PlacementRule value) {
            placement = value;
            return this;
        }

        /** See {@link WorkloadSpec#alternatives}. What it needs is the first of them, or what it was where there are none. */
        public Builder alternatives(List<Alternative> value) {
            alternatives = value;
            needs = value.isEmpty() ? before.needs : value.get(0).needs();
            return this;
        }

        /** See {@link WorkloadSpec#minimumRunMillis}. */
        public Builder minimumRunMillis(long value) {
            minimumRunMillis = value;
            return this;
        }

        public WorkloadSpec build() {
            return new WorkloadSpec(
                    before.name,
                    before.tenant,
                    before.tier,
                    before.priority,
                    needs,
                    command,
                    directory,
                    environment,
                    before.checkpointMillis,
                    gang,
                    least,
                    services,
                    files,
                    placement,
                    alternatives,
                    minimumRunMillis);
        }
    }
}
