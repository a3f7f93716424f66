package dev.ingot.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import jdk.internal.access.SharedSecrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class ZstandardModuleIT {
    @TempDir
    Path directory;

    @Test
    void givesNativeAccessToTheLibraryAlone() throws Exception {
        FreshJvm.Outcome outcome = FreshJvm.run(
                directory,
                "target/test-classes" + File.pathSeparator + "target/classes",
                Program.class,
                "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
                "-Djar=" + FreshJvm.AGENT);

        assertThat(outcome).isEqualTo(new FreshJvm.Outcome(0, "compressed in ingot.zstandard\n", ""));
    }

    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            AgentClassLoader loader = new AgentClassLoader(new File(System.getProperty("jar")));
            ZstandardModule.define(loader);
            Class<?> library = loader.loadClass("com.github.luben.zstd.Zstd");
            SharedSecrets.getJavaLangAccess()
                    .addExports(library.getModule(), library.getPackageName(), Program.class.getModule());
            byte[] compressed =
                    (byte[]) library.getMethod("compress", byte[].class).invoke(null, (Object) new byte[10_000]);
            System.out.println((compressed.length < 100 ? "compressed in " : "not compressed in ")
                    + library.getModule().getName());
        }
    }
}
