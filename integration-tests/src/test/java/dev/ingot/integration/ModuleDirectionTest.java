package dev.ingot.integration;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which module may know which; the picture is in docs/architecture.md. */
class ModuleDirectionTest {
    private static final String RUNTIME = "dev.ingot.runtime..";
    private static final String CRAC = "jdk.crac..";
    private static final String API = "dev.ingot.api..";
    private static final String CORE = "dev.ingot.core..";
    private static final String AGENT = "dev.ingot.agent..";
    private static final String ACCELERATOR = "dev.ingot.accelerator..";
    private static final String CLI = "dev.ingot.cli..";
    private static final String SCHEDULER = "dev.ingot.scheduler..";
    private static final String GRPC = "dev.ingot.grpc..";
    private static final String GENERATED = "dev.ingot.grpc.v1";
    private static final String NODE = "dev.ingot.node..";
    private static final String STORE = "dev.ingot.store";
    private static final String S3 = "dev.ingot.store.s3..";
    private static final String SAMPLES = "dev.ingot.samples..";
    private static final String ANNOTATIONS = "org.jspecify.annotations..";

    private static final List<String> MODULES = List.of(
            "runtime",
            "core",
            "agent",
            "cli",
            "accelerator-spi",
            "accelerators/tck",
            "accelerators/cpu",
            "accelerators/cpu-vector",
            "accelerators/opencl",
            "accelerators/rtl",
            "accelerators/cuda",
            "accelerators/onnx",
            "scheduler",
            "scheduler-grpc",
            "node",
            "store",
            "store-s3",
            "samples",
            "testkit");

    private static JavaClasses ingot = new ClassFileImporter().importPaths(List.of());

    @BeforeAll
    static void importModules() {
        ingot = new ClassFileImporter()
                .importPaths(MODULES.stream()
                        .map(ModuleDirectionTest::classesOf)
                        .filter(Files::exists)
                        .toList());
    }

    private static Path classesOf(String module) {
        return Path.of("..", module, "target", "classes");
    }

    @Test
    void looksAtTheRealClasses() {
        assertThat(ingot.containPackage("dev.ingot.runtime")).isTrue();
        assertThat(ingot.containPackage("dev.ingot.core")).isTrue();
        assertThat(ingot.containPackage("dev.ingot.agent")).isTrue();
        assertThat(ingot.containPackage("dev.ingot.scheduler.pool")).isTrue();
        assertThat(ingot.containPackage("dev.ingot.node")).isTrue();
        assertThat(ingot.size()).isGreaterThan(100);
    }

    @Test
    void runtimeKnowsTheJdkAlone() {
        check(classes()
                .that()
                .resideInAnyPackage(RUNTIME, CRAC)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(RUNTIME, CRAC, ANNOTATIONS, "java..", "jdk.internal..", "sun.."))
                .because("it is defined in the boot loader, which sees nothing else"));
    }

    @Test
    void coreKnowsNoModuleButRuntime() {
        check(onlyKnows(new String[] {CORE, API}, CORE, API, RUNTIME, CRAC));
    }

    @Test
    void agentKnowsCoreAndRuntime() {
        check(onlyKnows(new String[] {AGENT}, AGENT, CORE, API, RUNTIME, CRAC));
    }

    @Test
    void commandKnowsCoreThePoolAndRepositoriesButNoClientOfOne() {
        check(onlyKnows(new String[] {CLI}, CLI, CORE, API, SCHEDULER, NODE, STORE));
    }

    @Test
    void storeKnowsCoreAlone() {
        check(onlyKnows(new String[] {STORE}, STORE, CORE));
        check(onlyKnows(new String[] {S3}, S3, STORE));
    }

    @Test
    void schedulerKnowsCoreAndHowToPlanForDevices() {
        check(onlyKnows(
                new String[] {SCHEDULER},
                SCHEDULER,
                CORE,
                "dev.ingot.accelerator.device..",
                "dev.ingot.accelerator.state.."));
        check(noClasses()
                .that()
                .resideInAPackage(SCHEDULER)
                .and()
                .resideOutsideOfPackage("dev.ingot.scheduler.control..")
                .and()
                // What a node found, as the pool counts it.
                .doNotHaveFullyQualifiedName("dev.ingot.scheduler.wire.NodeEquipment")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ACCELERATOR));
    }

    @Test
    void grpcKnowsTheSchedulerAndIsKnownToNobody() {
        check(onlyKnows(new String[] {GRPC}, GRPC, SCHEDULER, CORE));
        check(noClasses()
                .that()
                .resideOutsideOfPackage(GRPC)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(GRPC, "io.grpc..", "com.google.protobuf.."));
    }

    @Test
    void nodeKnowsCoreAndTheProtocolOfTheScheduler() {
        check(onlyKnows(new String[] {NODE}, NODE, CORE, "dev.ingot.scheduler.pool..", "dev.ingot.scheduler.wire.."));
    }

    @Test
    void decisionCoreKnowsNeitherClockNorDiskNorChanceNorThreads() {
        check(classes()
                .that()
                .resideInAPackage("dev.ingot.scheduler.pool..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "dev.ingot.scheduler.pool..", ANNOTATIONS, "java.lang..", "java.math..", "java.util..")
                        .and(not(resideInAnyPackage("java.util.concurrent..", "java.lang.reflect..")))
                        .and(not(nameMatching("java\\.util\\.(Random|UUID|Timer|Date)|java\\.lang\\.Thread")
                                .forSubtype())))
                .because("the same commands lead to the same pool, live, from the journal and in a simulation"));
        check(noClasses()
                .that()
                .resideInAPackage("dev.ingot.scheduler.pool..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime"));
    }

    /** Core is known by an annotation alone, which is not needed at run time. */
    @Test
    void acceleratorsKnowTheirInterfaceAlone() {
        check(onlyKnows(new String[] {ACCELERATOR}, ACCELERATOR, API));
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.ingot.accelerator",
                        "dev.ingot.accelerator.backend..",
                        "dev.ingot.accelerator.device..",
                        "dev.ingot.accelerator.host..",
                        "dev.ingot.accelerator.memory..",
                        "dev.ingot.accelerator.operation..",
                        "dev.ingot.accelerator.share..",
                        "dev.ingot.accelerator.standard..",
                        "dev.ingot.accelerator.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.ingot.accelerator.asic..",
                        "dev.ingot.accelerator.cpu..",
                        "dev.ingot.accelerator.cuda..",
                        "dev.ingot.accelerator.fpga..",
                        "dev.ingot.accelerator.onnx..",
                        "dev.ingot.accelerator.opencl..",
                        "dev.ingot.accelerator.rtl..",
                        "dev.ingot.accelerator.tck.."));
    }

    @Test
    void samplesKnowNothingOfIngot() {
        check(onlyKnows(new String[] {SAMPLES}, SAMPLES));
    }

    @Test
    void nothingKnowsTheCommandOrTheSamples() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(CLI, SAMPLES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLI, SAMPLES));
    }

    @Test
    void entryOfTheAgentNamesNothingHiddenFromIt() {
        DescribedPredicate<JavaClass> visible = nameMatching("dev\\.ingot\\.agent\\.(IngotAgent|AgentClassLoader)")
                .forSubtype();
        check(classes()
                .that(visible)
                .should()
                .onlyDependOnClassesThat(visible.or(resideInAnyPackage("java..", ANNOTATIONS)))
                .because("the program's class loader, which they are in, sees no other class of Ingot"));
    }

    @Test
    void packagesOfOneModuleFormNoCycle() {
        check(slices().matching("dev.ingot.core.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.ingot.agent.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.ingot.accelerator.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.ingot.scheduler.(*)..").should().beFreeOfCycles());
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(ingot.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(subject -> !subject.getName().equals(GENERATED)))
                .allSatisfy(subject -> assertThat(subject.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                        .as(subject.getName())
                        .isTrue());
    }

    private static ArchRule onlyKnows(String[] subjects, String... known) {
        return classes()
                .that()
                .resideInAnyPackage(subjects)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(known).or(not(resideInAnyPackage("dev.ingot..", CRAC))));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ingot);
    }
}
