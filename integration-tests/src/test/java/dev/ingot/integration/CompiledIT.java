package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.integration.program.HotMonitors;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** HotSpot's compilers take what they would take without Ingot. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CompiledIT {
    private static final String CLASS_FILE = HotMonitors.class.getName().replace('.', '/') + ".class";

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** {@code main} and {@code run} can be entered again in their middle from the start; others once they stood on a captured stack. */
    @Test
    void methodsThatEnterMonitorsAndCanBeEnteredAgainAreCompiled() throws Exception {
        assertCompiled(Program.of(HotMonitors.class));
    }

    /** As Scala's and other compilers have it, for which the local is the program's own, and Kotlin's for one of their own. */
    @Test
    void methodsThatLoadTheObjectOfAMonitorFromALocalAreCompiled() throws Exception {
        Path classFile = directory.resolve("classes").resolve(CLASS_FILE);
        Files.createDirectories(classFile.getParent());
        Files.write(classFile, withObjectsLoaded());
        String main = HotMonitors.class.getName();

        assertCompiled(
                new Program(main, List.of("-cp", directory.resolve("classes").toString()), List.of()));
    }

    private void assertCompiled(Program program) throws IOException, InterruptedException {
        try (ProgramRun run =
                ProgramRun.in(directory.resolve("run"), program.with("-Xbatch", "-XX:+PrintCompilation"))) {
            run.start(Jdk.ofThisProcess());
            Outcome outcome = run.awaitOutcome();

            List<String> compilations = outcome.output().stream()
                    .filter(line -> line.contains("HotMonitors::"))
                    .toList();
            assertThat(compilations)
                    .anyMatch(line -> line.contains("HotMonitors::main"))
                    .anyMatch(line -> line.contains("HotMonitors::run"))
                    .noneMatch(line -> line.contains("COMPILE SKIPPED"));
        }
    }

    private static byte[] withObjectsLoaded() throws IOException {
        ClassNode hotMonitors = new ClassNode();
        try (InputStream stream = HotMonitors.class.getClassLoader().getResourceAsStream(CLASS_FILE)) {
            new ClassReader(stream).accept(hotMonitors, 0);
        }
        hotMonitors.methods.forEach(CompiledIT::loadObjects);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        hotMonitors.accept(writer);
        return writer.toByteArray();
    }

    /** Exchanges each {@code DUP, ASTORE k, MONITORENTER}, which javac makes, for {@code ALOAD k, MONITORENTER}. */
    private static void loadObjects(MethodNode method) {
        for (AbstractInsnNode insn : method.instructions.toArray()) {
            if (insn.getOpcode() != Opcodes.MONITORENTER) {
                continue;
            }
            VarInsnNode store = (VarInsnNode) insn.getPrevious();
            AbstractInsnNode duplicate = store.getPrevious();
            AbstractInsnNode object = duplicate.getPrevious();
            method.instructions.remove(duplicate);
            if (object instanceof VarInsnNode load) {
                method.instructions.remove(store);
                loadFrom(load.var, store.var, method);
            } else {
                method.instructions.insert(store, new VarInsnNode(Opcodes.ALOAD, store.var));
                method.instructions.insert(store, new InsnNode(Opcodes.NOP));
            }
        }
    }

    private static void loadFrom(int local, int former, MethodNode method) {
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD && load.var == former) {
                load.var = local;
            }
        }
    }
}
