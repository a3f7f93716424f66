package dev.ingot.scheduler.spec;

import dev.ingot.core.image.CommandLine;
import dev.ingot.core.image.ImageName;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Level;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.PlacementRule;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.scheduler.wire.TenantName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A workload's specification while it is put together, from a document and from what overrides parts of it. Each setter refuses
 * a value that cannot be by IllegalArgumentException, and leaves what was set before. Not thread-safe.
 */
public final class WorkloadDraft {
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_.-]{1,64})?");
    private static final List<String> DETERMINISM =
            List.of("bitwise-same-kind", "bitwise-same-build", "tolerance", "none");
    private static final Pattern GANG = Pattern.compile("([0-9]{1,4})(?:-([0-9]{1,4}))?");
    private static final int MOST_PORT = 65_535;
    private static final int MAX_ARGUMENTS = 4096;
    private static final int MAX_TEXT = 128 << 10;
    private static final int MAX_VARIABLES = 1024;

    private @Nullable String name;
    private String tenant = PoolJson.DEFAULT_TENANT;
    private Tier tier = Tier.STANDARD;
    private int priority;
    private long milliCores = 1000;
    private long memoryMiB = 512;
    private @Nullable Long milliDevices;
    private List<AcceleratorText.Choice> alternatives = List.of();
    private List<String> command = List.of();
    private @Nullable String directory;
    private final Map<String, String> environment = new TreeMap<>();
    private int gang = 1;
    private int least = 1;
    private Location within = Location.NOWHERE;
    private @Nullable Level together;
    private final Map<Level, Integer> spread = new EnumMap<>(Level.class);
    private Duration checkpointEvery = Duration.ofSeconds(30);
    private Duration minimumRun = Duration.ZERO;
    private final List<ServicePort> services = new ArrayList<>();
    private final List<LocalFile> localFiles = new ArrayList<>();
    private final List<ShippedFile> files = new ArrayList<>();

    public void name(String value) {
        name = ImageName.require(value);
    }

    public void tenant(String value) {
        tenant = TenantName.require(value);
    }

    /** The tenant as it is now. */
    public String tenant() {
        return tenant;
    }

    public void tier(Tier value) {
        tier = value;
    }

    void tier(String value) {
        for (Tier candidate : Tier.values()) {
            if (candidate.name().toLowerCase(Locale.ROOT).equals(value)) {
                tier = candidate;
                return;
            }
        }
        throw new IllegalArgumentException("there is no tier '" + value + "'; there are premium, standard, basic");
    }

    public void priority(int value) {
        priority = value;
    }

    public void milliCores(long value) {
        milliCores = value;
    }

    public void memoryMiB(long value) {
        memoryMiB = value;
    }

    /** Sets how many thousandths of an accelerator it needs: a part of one, which it shares, or whole ones. */
    public void milliDevices(long value) {
        requireOneOf(alternatives.isEmpty());
        milliDevices = AcceleratorText.requireWhole(value);
    }

    /** Sets which accelerators it needs, by kind, the fastest alternative first, such as {@code gpu:1 | cpu:8@0.1}. */
    public void accelerators(String value) {
        requireOneOf(milliDevices == null);
        alternatives = AcceleratorText.alternatives(value);
    }

    private static void requireOneOf(boolean isOne) {
        if (!isOne) {
            throw new IllegalArgumentException(
                    "'devices' are accelerators of any kind, 'accelerators' those of kinds that it names; leave one of them out");
        }
    }

    /** Forgets which accelerators it needs, for others to be said. */
    public void forgetAccelerators() {
        milliDevices = null;
        alternatives = List.of();
    }

    /** Sets how much of the time of a device it has beside other tenants. */
    void deviceWeight(int value) {
        if (value < 1 || value > WorkloadSpec.MOST_DEVICE_WEIGHT) {
            throw new IllegalArgumentException(
                    "a weight is from 1 to " + WorkloadSpec.MOST_DEVICE_WEIGHT + ", not " + value);
        }
        share("weight=" + value);
    }

    /** Sets how much of a device's memory the programs of its tenant may have together while it runs. */
    void deviceMemoryMiB(long value) {
        if (value < 1) {
            throw new IllegalArgumentException("memory of a device cannot be " + value + " MiB");
        }
        share("memory=" + value + "m");
    }

    private void share(String part) {
        environment.merge(WorkloadSpec.DEVICE_SHARE_VARIABLE, part, (one, other) -> one + "," + other);
    }

    /** Sets on which accelerators it may go on where those that it had are missing, by device, provider or kind. */
    void deviceInstead(Map<String, String> value) {
        value.forEach((missing, other) -> {
            requireDevice(missing);
            requireDevice(other);
        });
        environment.put(
                WorkloadSpec.DEVICE_INSTEAD_VARIABLE,
                value.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(";")));
    }

    private static void requireDevice(String name) {
        if (!DEVICE.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name
                    + "' is no accelerator; write a device such as cuda:0, a provider or a kind such as gpu");
        }
    }

    /** Sets the weakest promise about results that other accelerators may leave. */
    void deviceDeterminism(String value) {
        if (!DETERMINISM.contains(value)) {
            throw new IllegalArgumentException("'" + value + "' is no promise about results; they are " + DETERMINISM);
        }
        environment.put(WorkloadSpec.DEVICE_DETERMINISM_VARIABLE, value);
    }

    /** Sets the command, which must begin with {@code java} or the path of a launcher of that name. */
    public void command(List<String> value) {
        if (value.isEmpty() || !isJava(value.get(0))) {
            throw new IllegalArgumentException("the command must begin with java"
                    + (value.isEmpty() ? ", and there is none" : ", not with '" + value.get(0) + "'"));
        }
        requireSize(value.size(), MAX_ARGUMENTS, "arguments");
        requireSize(value.stream().mapToLong(String::length).sum(), MAX_TEXT, "characters in its arguments");
        value.forEach(argument -> requireNoZero(argument, "an argument"));
        command = List.copyOf(value);
    }

    private static boolean isJava(String program) {
        return program.equals("java") || program.endsWith("/java");
    }

    /** Sets the directory: absolute, or relative to what {@link #resolveDirectory} is given. */
    public void directory(String value) {
        requireNoZero(value, "directory");
        directory = value;
    }

    /** Whether one was set. */
    public boolean hasDirectory() {
        return directory != null;
    }

    /** Makes the directory absolute; if none was set, {@code base} itself, or that of the workload's files if it has some. */
    public void resolveDirectory(Path base) {
        if (directory == null && hasFiles()) {
            directory = WorkloadSpec.FILES_PLACEHOLDER;
        }
        if (isInFiles()) {
            return;
        }
        directory = base.resolve(directory == null ? "" : directory)
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    public void variable(String key, String value) {
        requireNoZero(key + value, "a variable");
        if (key.isEmpty() || key.indexOf('=') >= 0) {
            throw new IllegalArgumentException("'" + key + "' cannot be the name of a variable");
        }
        environment.put(key, value);
        requireSize(environment.size(), MAX_VARIABLES, "variables");
        requireSize(environment.values().stream().mapToLong(String::length).sum(), MAX_TEXT, "characters in variables");
    }

    /** Sets how often an image is written; zero for only when it is asked for. */
    public void checkpointEvery(Duration value) {
        checkpointEvery = value;
    }

    /** Sets how long it runs at least after each start before anything but Premium preempts it. */
    public void minimumRun(Duration value) {
        if (value.isNegative() || value.toMillis() > WorkloadSpec.MOST_MINIMUM_RUN_MILLIS) {
            throw new IllegalArgumentException("a minimum run is at most "
                    + Duration.ofMillis(WorkloadSpec.MOST_MINIMUM_RUN_MILLIS).toHours() + "h");
        }
        minimumRun = value;
    }

    /** Sets how many copies of it run together, such as {@code 4}, or how many at least and at most, such as {@code 2-4}. */
    public void gang(String value) {
        Matcher form = GANG.matcher(value);
        int first = form.matches() ? Integer.parseInt(form.group(1)) : 0;
        int most = form.matches() && form.group(2) != null ? Integer.parseInt(form.group(2)) : first;
        if (first < 1 || most < first || most > WorkloadSpec.MOST_MEMBERS) {
            throw new IllegalArgumentException("'" + value + "' is no size of a gang; write a number from 1 to "
                    + WorkloadSpec.MOST_MEMBERS + ", or the least and the most, such as 2-4");
        }
        least = first;
        gang = most;
    }

    /** Sets where it has to run: a region, a zone or a rack. */
    public void within(String value) {
        within = new Location(value);
    }

    /** Sets that all members of the gang have to be in one rack, zone or region, or on one node. */
    public void together(String value) {
        together = level(value);
    }

    /** Sets how many members of the gang may be in one rack, zone or region, or on one node. */
    public void spread(String level, String most) {
        int number;
        try {
            number = Integer.parseInt(most);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("'" + most + "' is not a whole number", malformed);
        }
        if (number < 1 || number > WorkloadSpec.MOST_MEMBERS) {
            throw new IllegalArgumentException(
                    "so many in one are from 1 to " + WorkloadSpec.MOST_MEMBERS + ", not " + most);
        }
        spread.put(level(level), number);
    }

    private static Level level(String value) {
        for (Level level : Level.values()) {
            if (PoolJson.text(level).equals(value)) {
                return level;
            }
        }
        throw new IllegalArgumentException("there is no '" + value + "'; there are node, rack, zone, region");
    }

    private boolean hasFiles() {
        return !files.isEmpty() || !localFiles.isEmpty();
    }

    private boolean isInFiles() {
        return directory != null
                && (directory.equals(WorkloadSpec.FILES_PLACEHOLDER)
                        || directory.startsWith(WorkloadSpec.FILES_PLACEHOLDER + "/"));
    }

    /** Adds a file of this machine as {@code PATH} or {@code PATH=NAME}, relative to {@code base}. */
    public void ship(String value, Path base) {
        int equals = value.lastIndexOf('=');
        FileDraft draft = new FileDraft();
        if (equals >= 0) {
            draft.name(value.substring(equals + 1));
        }
        draft.path(base.resolve(equals < 0 ? value : value.substring(0, equals))
                .toAbsolutePath()
                .toString());
        draft.addTo(this);
    }

    void file(LocalFile value) {
        requireNewName(value.name());
        localFiles.add(value);
    }

    /** Adds a file that is known to the pool, or will be. */
    public void file(ShippedFile value) {
        requireNewName(value.name());
        files.add(value);
    }

    private void requireNewName(String value) {
        List<String> names = new ArrayList<>();
        files.forEach(file -> names.add(file.name()));
        localFiles.forEach(file -> names.add(file.name()));
        for (String other : names) {
            if (other.equals(value) || other.startsWith(value + "/") || value.startsWith(other + "/")) {
                throw new IllegalArgumentException("files '" + other + "' and '" + value + "' cannot both be there");
            }
        }
        requireSize(names.size() + 1L, ShippedFile.MOST, "files");
    }

    /** The files of this machine that are to be shipped and were not yet taken so. */
    public List<LocalFile> takeLocalFiles() {
        List<LocalFile> taken = List.copyOf(localFiles);
        localFiles.clear();
        return taken;
    }

    /**
     * Adds a service as {@code [HOST:]ENTRANCE:PORT}, such as {@code 18080:8080}, with any of {@code name}, {@code hold}, {@code members} and
     * {@code step} behind it, as in {@code 18080:8080,name=http,members=18100}.
     */
    public void service(String value) {
        String[] parts = value.split(",", -1);
        int colon = parts[0].lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + value
                    + "' is no service; write where it is reached and the program's" + " port, such as 18080:8080");
        }
        ServiceDraft draft = new ServiceDraft();
        draft.port(parts[0].substring(colon + 1));
        draft.address(parts[0].substring(0, colon));
        for (String part : List.of(parts).subList(1, parts.length)) {
            draft.set(part);
        }
        service(draft.complete());
    }

    /** Adds a service. */
    void service(ServicePort value) {
        for (ServicePort other : services) {
            if (other.name().equals(value.name())) {
                throw new IllegalArgumentException("two services are called '" + value.name() + "'");
            } else if (other.excludes(value)) {
                throw new IllegalArgumentException("services " + other.name() + " and " + value.name()
                        + " cannot both be reached at " + value.address());
            }
        }
        requireSize(services.size() + 1L, ServicePort.MOST, "services");
        services.add(value);
    }

    /**
     * The whole, with the usual values of what was not set.
     *
     * @throws SpecException with all that is missing
     */
    public WorkloadSpec complete() throws SpecException {
        List<String> problems = new ArrayList<>();
        if (command.isEmpty()) {
            problems.add("'command' is missing: a list that begins with java");
        }
        if (!localFiles.isEmpty()) {
            problems.add(
                    "files with 'path' are on the machine of who submits them; send them to the pool, and name them by"
                            + " 'sha256' and 'bytes'");
        }
        boolean standsForNothing = !hasFiles()
                && (isInFiles() || command.stream().anyMatch(part -> part.contains(WorkloadSpec.FILES_PLACEHOLDER)));
        if (standsForNothing) {
            problems.add("'" + WorkloadSpec.FILES_PLACEHOLDER + "' stands for nothing: there are no files");
        }
        if (directory == null || !(isInFiles() || Path.of(directory).isAbsolute())) {
            problems.add(
                    directory == null
                            ? "'directory' is missing: an absolute path"
                            : "directory '" + directory + "' is not absolute");
        }
        List<Alternative> ways = alternatives.stream()
                .map(choice -> choice.with(milliCores, memoryMiB))
                .toList();
        Resources needs = ways.isEmpty()
                ? new Resources(milliCores, memoryMiB, milliDevices == null ? 0 : milliDevices)
                : ways.get(0).needs();
        if (needs.milliCores() == 0 && needs.milliDevices() == 0) {
            problems.add("a workload needs cores or devices");
        }
        addPlacementProblems(problems);
        addServiceProblems(problems);
        if (directory == null || !problems.isEmpty()) {
            throw new SpecException(problems);
        }
        return new WorkloadSpec(
                        name == null ? derivedName() : name,
                        tenant,
                        tier,
                        priority,
                        needs,
                        command,
                        directory,
                        environment,
                        checkpointEvery.toMillis())
                .toBuilder()
                        .gang(gang, least)
                        .services(services)
                        .files(files)
                        .placement(new PlacementRule(within, together, spread))
                        .alternatives(ways)
                        .minimumRunMillis(minimumRun.toMillis())
                        .build();
    }

    private void addPlacementProblems(List<String> problems) {
        Level all = together;
        if (gang == 1 && (all != null || !spread.isEmpty())) {
            problems.add("'placement.together' and 'placement.spread' are about members of a gang, and there is none");
        }
        spread.forEach((level, most) -> {
            if (all != null && level.compareTo(all) >= 0 && most < least) {
                problems.add("all " + least + " members cannot be in one " + PoolJson.text(all) + " and at most " + most
                        + " in one " + PoolJson.text(level));
            }
        });
    }

    private void addServiceProblems(List<String> problems) {
        Map<String, ServicePort> all = new LinkedHashMap<>();
        Map<Integer, List<ServicePort>> byEntrance = new HashMap<>();
        for (ServicePort service : services) {
            int last = gang - 1;
            if (gang == 1 && (service.members() > 0 || service.step() > 0)) {
                problems.add("'services.members' and 'services.step' are about members of a gang, and there is none");
            } else if (service.members() + last > MOST_PORT
                    || service.port() + last * (long) service.step() > MOST_PORT) {
                problems.add(
                        "service " + service.name() + " needs ports beyond " + MOST_PORT + " for " + gang + " members");
                continue;
            }
            for (int index = 0; index < gang; index++) {
                for (ServicePort each : gang == 1 ? List.of(service) : service.ofMember(index)) {
                    ServicePort other = all.putIfAbsent(each.name(), each);
                    if (other == null) {
                        byEntrance
                                .computeIfAbsent(each.entrance(), absent -> new ArrayList<>())
                                .add(each);
                    } else if (other.entrance() != each.entrance()) {
                        problems.add("two services are called '" + each.name() + "'");
                    }
                }
            }
        }
        if (gang > 1 && all.size() > ServicePort.MOST_ADDRESSES) {
            problems.add("services of a gang have " + all.size() + " addresses, at most " + ServicePort.MOST_ADDRESSES
                    + " are possible");
        }
        byEntrance.values().forEach(same -> addConflict(problems, same));
    }

    private static void addConflict(List<String> problems, List<ServicePort> same) {
        for (int i = 1; i < same.size(); i++) {
            for (int j = 0; j < i; j++) {
                ServicePort one = same.get(j);
                ServicePort other = same.get(i);
                if (one.excludes(other)) {
                    problems.add("services " + one.name() + " and " + other.name() + " cannot both be reached at "
                            + other.address());
                    return;
                }
            }
        }
    }

    private String derivedName() {
        return ImageName.derive(
                CommandLine.parse(command.subList(1, command.size())).main());
    }

    private static void requireNoZero(String text, String what) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " holds a zero character");
        }
    }

    private static void requireSize(long size, long most, String what) {
        if (size > most) {
            throw new IllegalArgumentException(size + " " + what + ", at most " + most + " are possible");
        }
    }
}
