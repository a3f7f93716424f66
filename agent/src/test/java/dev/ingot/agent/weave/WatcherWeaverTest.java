package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.util.CheckClassAdapter;

class WatcherWeaverTest {

    @Test
    void theLoopOfThisJdkTellsWhenItWaits() throws Exception {
        byte[] woven = WatcherWeaver.weave(Definer.classFile(JdkClasses.WATCHER));

        StringWriter report = new StringWriter();
        CheckClassAdapter.verify(new ClassReader(woven), null, false, new PrintWriter(report));
        assertThat(report.toString()).isEmpty();
        assertThat(callsOfLoop(woven)).containsSubsequence("waits", "poll", "works");
    }

    private static List<String> callsOfLoop(byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, 0);
        List<String> calls = new ArrayList<>();
        for (MethodNode method : node.methods) {
            if (method.name.equals("run")) {
                for (AbstractInsnNode insn : method.instructions) {
                    if (insn instanceof MethodInsnNode call) {
                        calls.add(call.name);
                    }
                }
            }
        }
        return calls;
    }
}
