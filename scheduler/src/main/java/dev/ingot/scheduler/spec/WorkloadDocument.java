package dev.ingot.scheduler.spec;

import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.scheduler.wire.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads and writes the document that describes a workload, YAML 1.2 and so also JSON. Its form is that of the {@linkplain #schema
 * schema}; whatever that does not name is refused, since it would otherwise be left out in silence. The text may be hostile.
 */
public final class WorkloadDocument {
    private static final int MAX_CHARACTERS = 1 << 20;
    private static final int MAX_DEPTH = 8;
    private static final String SCHEMA = "workload.schema.json";

    private static final Map<String, BiConsumer<WorkloadDraft, Value>> MEMBERS = new LinkedHashMap<>();
    private static final Map<String, BiConsumer<WorkloadDraft, Value>> RESOURCES = new LinkedHashMap<>();
    private static final Map<String, BiConsumer<WorkloadDraft, Value>> ACCELERATORS = new LinkedHashMap<>();
    private static final Map<String, BiConsumer<WorkloadDraft, Value>> PLACEMENT = new LinkedHashMap<>();
    private static final Map<String, BiConsumer<ServiceDraft, Value>> SERVICES = new LinkedHashMap<>();
    private static final Map<String, BiConsumer<FileDraft, Value>> FILES = new LinkedHashMap<>();

    static {
        MEMBERS.put("name", (draft, value) -> draft.name(value.text()));
        MEMBERS.put("tenant", (draft, value) -> draft.tenant(value.text()));
        MEMBERS.put("tier", (draft, value) -> draft.tier(value.text()));
        MEMBERS.put("priority", (draft, value) -> draft.priority(value.integer()));
        MEMBERS.put("resources", (draft, value) -> value.members("resources.", RESOURCES, draft));
        MEMBERS.put("accelerators", (draft, value) -> value.members("accelerators.", ACCELERATORS, draft));
        MEMBERS.put("command", (draft, value) -> draft.command(value.texts()));
        MEMBERS.put("directory", (draft, value) -> draft.directory(value.text()));
        MEMBERS.put("environment", (draft, value) -> value.map().forEach(draft::variable));
        MEMBERS.put("checkpointEvery", (draft, value) -> draft.checkpointEvery(Quantity.duration(value.text())));
        MEMBERS.put("minimumRun", (draft, value) -> draft.minimumRun(Quantity.duration(value.text())));
        MEMBERS.put("gang", (draft, value) -> draft.gang(value.text()));
        MEMBERS.put("placement", (draft, value) -> value.members("placement.", PLACEMENT, draft));
        MEMBERS.put("services", (draft, value) -> value.services(draft));
        MEMBERS.put("files", (draft, value) -> value.files(draft));
        RESOURCES.put("cores", (draft, value) -> draft.milliCores(Quantity.cores(value.text())));
        RESOURCES.put("memory", (draft, value) -> draft.memoryMiB(Quantity.memory(value.text())));
        RESOURCES.put("devices", (draft, value) -> draft.milliDevices(Quantity.devices(value.text())));
        RESOURCES.put("accelerators", (draft, value) -> draft.accelerators(value.text()));
        ACCELERATORS.put("weight", (draft, value) -> draft.deviceWeight(value.integer()));
        ACCELERATORS.put("memory", (draft, value) -> draft.deviceMemoryMiB(Quantity.memory(value.text())));
        ACCELERATORS.put("instead", (draft, value) -> draft.deviceInstead(value.map()));
        ACCELERATORS.put("determinism", (draft, value) -> draft.deviceDeterminism(value.text()));
        PLACEMENT.put("within", (draft, value) -> draft.within(value.text()));
        PLACEMENT.put("together", (draft, value) -> draft.together(value.text()));
        PLACEMENT.put("spread", (draft, value) -> value.map().forEach(draft::spread));
        SERVICES.put("name", (draft, value) -> draft.name(value.text()));
        SERVICES.put("port", (draft, value) -> draft.port(value.integer()));
        SERVICES.put("address", (draft, value) -> draft.address(value.text()));
        FILES.put("name", (draft, value) -> draft.name(value.text()));
        FILES.put("path", (draft, value) -> draft.path(value.text()));
        FILES.put("sha256", (draft, value) -> draft.sha256(value.text()));
        FILES.put("bytes", (draft, value) -> draft.bytes(value.integer()));
        SERVICES.put("members", (draft, value) -> draft.members(value.integer()));
        SERVICES.put("step", (draft, value) -> draft.step(value.integer()));
        SERVICES.put("hold", (draft, value) -> draft.hold(Quantity.duration(value.text())));
    }

    private final String source;
    private final List<String> problems = new ArrayList<>();

    private WorkloadDocument(String source) {
        this.source = source;
    }

    /** The names there are, {@code resources.} and the like before those of these. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(MEMBERS.keySet());
        RESOURCES.keySet().forEach(name -> names.add("resources." + name));
        ACCELERATORS.keySet().forEach(name -> names.add("accelerators." + name));
        PLACEMENT.keySet().forEach(name -> names.add("placement." + name));
        SERVICES.keySet().forEach(name -> names.add("services." + name));
        FILES.keySet().forEach(name -> names.add("files." + name));
        return Collections.unmodifiableSet(names);
    }

    /** The JSON schema of the document. */
    public static String schema() {
        try (InputStream in = Objects.requireNonNull(WorkloadDocument.class.getResourceAsStream(SCHEMA), SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Reads a document.
     *
     * @param source what to call it in messages
     * @throws SpecException with all that is wrong with it
     */
    public static WorkloadDraft read(String source, String text) throws SpecException {
        return new WorkloadDocument(source).read(text);
    }

    private WorkloadDraft read(String text) throws SpecException {
        WorkloadDraft draft = new WorkloadDraft();
        if (text.length() > MAX_CHARACTERS) {
            problems.add(source + ": longer than " + MAX_CHARACTERS + " characters");
            throw new SpecException(problems);
        }
        try {
            requireShallow(text);
            Optional<Node> root = new Compose(settings()).composeString(text);
            if (root.isEmpty()) {
                problems.add(source + ": it is empty");
            } else {
                new Value(root.get()).members("", MEMBERS, draft);
            }
        } catch (YamlEngineException malformed) {
            problems.add(source + ": " + malformed.getMessage());
        } catch (Refusal refusal) {
            problems.add(refusal.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new SpecException(problems);
        }
        return draft;
    }

    /** What composes the nodes calls itself for each level, so it must not see text that is nested at an attacker's will. */
    private void requireShallow(String text) {
        int depth = 0;
        for (Event event : new Parse(settings()).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw new Refusal(source + ": values are nested deeper than " + MAX_DEPTH);
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private LoadSettings settings() {
        return LoadSettings.builder()
                .setLabel(source)
                .setCodePointLimit(MAX_CHARACTERS)
                .build();
    }

    /** Writes a document into the open object. */
    public static void write(JsonWriter json, WorkloadSpec spec) {
        json.member("name", spec.name())
                .member("tenant", spec.tenant())
                .member("tier", spec.tier().name().toLowerCase(Locale.ROOT))
                .member("priority", spec.priority())
                .object("resources")
                .member("cores", Resources.thousandths(coresBesideAccelerators(spec)))
                .member("memory", spec.needs().memoryMiB() + "m");
        if (spec.namesAccelerators()) {
            json.member(
                    "accelerators",
                    spec.alternatives().stream().map(Alternative::text).collect(Collectors.joining(" | ")));
        } else {
            json.member("devices", Resources.thousandths(spec.needs().milliDevices()));
        }
        json.end()
                .member("command", spec.command())
                .member("directory", spec.directory())
                .member("environment", spec.environment())
                .member("checkpointEvery", spec.checkpointMillis() + "ms")
                .member("gang", spec.least() == spec.gang() ? "" + spec.gang() : spec.least() + "-" + spec.gang());
        if (spec.minimumRunMillis() > 0) {
            json.member("minimumRun", spec.minimumRunMillis() + "ms");
        }
        PoolJson.placement(json, spec.placement());
        if (!spec.services().isEmpty()) {
            json.list("services");
            for (ServicePort service : spec.services()) {
                json.element()
                        .member("name", service.name())
                        .member("port", service.port())
                        .member("address", service.address())
                        .member("hold", service.holdMillis() + "ms");
                if (service.members() > 0) {
                    json.member("members", service.members());
                }
                if (service.step() > 0) {
                    json.member("step", service.step());
                }
                json.end();
            }
            json.endList();
        }
        if (!spec.files().isEmpty()) {
            json.list("files");
            for (ShippedFile file : spec.files()) {
                json.element()
                        .member("name", file.name())
                        .member("sha256", file.sha256())
                        .member("bytes", file.bytes())
                        .end();
            }
            json.endList();
        }
    }

    private static long coresBesideAccelerators(WorkloadSpec spec) {
        return spec.alternatives().stream()
                .filter(each -> each.kind() != AcceleratorKind.CPU)
                .map(Alternative::needs)
                .findFirst()
                .orElse(spec.needs())
                .milliCores();
    }

    /** A problem whose message names its place. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    /** A value in the document. What it is not, is refused by IllegalArgumentException. */
    private final class Value {
        private final Node node;

        Value(Node node) {
            this.node = node;
        }

        private String place() {
            return source
                    + node.getStartMark()
                            .map(mark -> ":" + (mark.getLine() + 1))
                            .orElse("") + ": ";
        }

        String text() {
            if (node instanceof ScalarNode scalar && !Tag.NULL.equals(node.getTag())) {
                return scalar.getValue();
            }
            throw new IllegalArgumentException("must be a single value");
        }

        int integer() {
            try {
                return Integer.parseInt(text());
            } catch (NumberFormatException malformed) {
                throw new IllegalArgumentException("'" + text() + "' is not a whole number", malformed);
            }
        }

        List<String> texts() {
            if (!(node instanceof SequenceNode sequence)) {
                throw new IllegalArgumentException("must be a list");
            }
            return sequence.getValue().stream()
                    .map(element -> new Value(element).text())
                    .toList();
        }

        Map<String, String> map() {
            Map<String, String> map = new LinkedHashMap<>();
            for (NodeTuple tuple : tuples()) {
                String key = new Value(tuple.getKeyNode()).text();
                if (map.put(key, new Value(tuple.getValueNode()).text()) != null) {
                    throw new IllegalArgumentException("'" + key + "' appears twice");
                }
            }
            return map;
        }

        void services(WorkloadDraft draft) {
            elements("services.", SERVICES, ServiceDraft::new, service -> draft.service(service.complete()));
        }

        void files(WorkloadDraft draft) {
            elements("files.", FILES, FileDraft::new, file -> file.addTo(draft));
        }

        private <D> void elements(
                String prefix, Map<String, BiConsumer<D, Value>> known, Supplier<D> begin, Consumer<D> taker) {
            if (!(node instanceof SequenceNode sequence)) {
                throw new IllegalArgumentException("must be a list");
            }
            for (Node element : sequence.getValue()) {
                int before = problems.size();
                D draft = begin.get();
                new Value(element).members(prefix, known, draft);
                if (problems.size() == before) {
                    taker.accept(draft);
                }
            }
        }

        private List<NodeTuple> tuples() {
            if (node instanceof MappingNode mapping) {
                return mapping.getValue();
            }
            throw new IllegalArgumentException("must be keys and values");
        }

        /** Goes on after a member that is wrong, so that all are found. */
        <D> void members(String prefix, Map<String, BiConsumer<D, Value>> known, D draft) {
            Set<String> seen = new HashSet<>();
            for (NodeTuple tuple : rootTuples()) {
                Value key = new Value(tuple.getKeyNode());
                try {
                    String name = key.text();
                    BiConsumer<D, Value> setter = known.get(name);
                    if (setter == null) {
                        throw new IllegalArgumentException("unknown key" + Suggestion.instead(name, known.keySet()));
                    } else if (!seen.add(name)) {
                        throw new IllegalArgumentException("appears twice");
                    }
                    setter.accept(draft, new Value(tuple.getValueNode()));
                } catch (IllegalArgumentException wrong) {
                    problems.add(key.place() + "'" + prefix + shown(tuple.getKeyNode()) + "': " + wrong.getMessage());
                }
            }
        }

        private List<NodeTuple> rootTuples() {
            try {
                return tuples();
            } catch (IllegalArgumentException wrong) {
                throw new Refusal(place() + wrong.getMessage());
            }
        }
    }

    private static String shown(Node key) {
        return key instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }
}
