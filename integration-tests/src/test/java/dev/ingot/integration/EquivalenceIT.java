package dev.ingot.integration;

import dev.ingot.integration.program.AskedLoader;
import dev.ingot.integration.program.AsynchronousFiles;
import dev.ingot.integration.program.AsynchronousSockets;
import dev.ingot.integration.program.Beans;
import dev.ingot.integration.program.BlockedStreams;
import dev.ingot.integration.program.Callbacks;
import dev.ingot.integration.program.Collections;
import dev.ingot.integration.program.Compression;
import dev.ingot.integration.program.ConstructorArguments;
import dev.ingot.integration.program.Constructors;
import dev.ingot.integration.program.DeepStacks;
import dev.ingot.integration.program.Directories;
import dev.ingot.integration.program.Drawing;
import dev.ingot.integration.program.Events;
import dev.ingot.integration.program.Executors;
import dev.ingot.integration.program.Futures;
import dev.ingot.integration.program.Handles;
import dev.ingot.integration.program.Identity;
import dev.ingot.integration.program.Initializers;
import dev.ingot.integration.program.Interrupts;
import dev.ingot.integration.program.Lambdas;
import dev.ingot.integration.program.LibraryObjects;
import dev.ingot.integration.program.Linking;
import dev.ingot.integration.program.Locks;
import dev.ingot.integration.program.LoggingLoader;
import dev.ingot.integration.program.Loops;
import dev.ingot.integration.program.Monitors;
import dev.ingot.integration.program.Objects;
import dev.ingot.integration.program.OpenFiles;
import dev.ingot.integration.program.OwnLoader;
import dev.ingot.integration.program.OwnLogs;
import dev.ingot.integration.program.OwnTables;
import dev.ingot.integration.program.ParallelStreams;
import dev.ingot.integration.program.Proxies;
import dev.ingot.integration.program.RemoteCalls;
import dev.ingot.integration.program.RuntimeFileSystems;
import dev.ingot.integration.program.Sleepers;
import dev.ingot.integration.program.Streams;
import dev.ingot.integration.program.Stylesheets;
import dev.ingot.integration.program.VirtualCarriers;
import dev.ingot.integration.program.VirtualMonitors;
import dev.ingot.integration.program.VirtualSockets;
import dev.ingot.integration.program.VirtualThreads;
import dev.ingot.integration.program.Watchers;
import dev.ingot.integration.program.XmlParsers;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program that is checkpointed at some instant, killed and resumed does what it does without any of that: the same output, files
 * and exit code. Some programs only: {@code -Dingot.programs=Loops,Locks}; see {@link Equivalence} for the instants.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class EquivalenceIT {
    private static final String ONLY = System.getProperty("ingot.programs", "");
    /** The first whose virtual threads can be captured. */
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private static Stream<Program> programs() {
        return Stream.of(
                        Program.of(AskedLoader.class),
                        Program.of(AsynchronousFiles.class),
                        Program.of(AsynchronousSockets.class),
                        Program.of(Beans.class),
                        Program.of(BlockedStreams.class),
                        Program.of(Callbacks.class),
                        Program.of(Collections.class),
                        Program.of(Compression.class),
                        Program.of(Constructors.class),
                        Program.of(ConstructorArguments.class),
                        Program.of(DeepStacks.class),
                        Program.of(Directories.class),
                        Program.of(Drawing.class),
                        Program.of(Events.class),
                        Program.of(Executors.class),
                        Program.of(Futures.class),
                        Program.of(Handles.class),
                        Program.of(Identity.class),
                        Program.of(Initializers.class),
                        Program.of(Interrupts.class),
                        Program.of(Lambdas.class),
                        Program.of(LibraryObjects.class),
                        Program.of(Linking.class),
                        Program.of(Locks.class),
                        Program.of(LoggingLoader.class),
                        Program.of(Loops.class),
                        Program.of(Monitors.class),
                        Program.of(Objects.class),
                        Program.of(OpenFiles.class),
                        Program.of(OwnLoader.class),
                        Program.of(OwnLogs.class)
                                .with("-Djava.util.logging.manager=" + OwnLogs.Manager.class.getName()),
                        // Hash codes that differ from one JVM to the next.
                        Program.of(OwnTables.class).with("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=0"),
                        Program.of(ParallelStreams.class),
                        Program.of(Proxies.class),
                        Program.of(RemoteCalls.class),
                        Program.of(RuntimeFileSystems.class),
                        Program.of(Sleepers.class),
                        Program.of(Streams.class),
                        Program.of(Stylesheets.class),
                        Program.of(XmlParsers.class),
                        Program.of(Watchers.class),
                        Program.of(VirtualCarriers.class),
                        Program.of(VirtualMonitors.class),
                        Program.of(VirtualSockets.class),
                        Program.of(VirtualThreads.class))
                .filter(program -> Jdk.ofThisProcess().feature() >= FIRST_WITH_VIRTUAL_THREADS || !isVirtual(program))
                .filter(program -> ONLY.isEmpty() || List.of(ONLY.split(",")).contains(program.toString()));
    }

    private static Stream<Arguments> trials() {
        return programs()
                .flatMap(program -> Stream.of(Passage.values())
                        .filter(passage -> passage != Passage.TORTURE || !isSlowedByCaptures(program))
                        .filter(passage -> passage != Passage.CHECKPOINT || !isSeenByItself(program))
                        .filter(passage -> passage != Passage.SERIES || isOfManyClasses(program))
                        .map(passage -> Arguments.of(program, passage)));
    }

    /** What such a program did to its files after an image, it sees as done by another when it goes on from there. */
    private static boolean isSeenByItself(Program program) {
        return program.main().equals(Watchers.class.getName());
    }

    private static boolean isVirtual(Program program) {
        return List.of(
                        VirtualCarriers.class.getName(),
                        VirtualMonitors.class.getName(),
                        VirtualSockets.class.getName(),
                        VirtualThreads.class.getName())
                .contains(program.main());
    }

    /** Where many threads contend or help each other, a capture waits for all of them: a run full of captures hardly gets on. */
    private static boolean isSlowedByCaptures(Program program) {
        return List.of(Monitors.class.getName(), ParallelStreams.class.getName())
                .contains(program.main());
    }

    /** Those whose heaps have something of all kinds; the others went through too. */
    private static boolean isOfManyClasses(Program program) {
        return List.of(
                        Collections.class.getName(),
                        Handles.class.getName(),
                        Identity.class.getName(),
                        OpenFiles.class.getName(),
                        OwnLoader.class.getName(),
                        Proxies.class.getName(),
                        VirtualThreads.class.getName())
                .contains(program.main());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("trials")
    void endsAsWithoutCheckpoint(Program program, Passage passage) throws Exception {
        Equivalence.in(directory).check(program, passage);
    }
}
