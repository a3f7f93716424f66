package dev.ingot.agent;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What the compilers of the JVM that runs the tests have been told, as {@code jcmd} would say and change it. */
public final class CompilersOfThisJvm {
    private CompilersOfThisJvm() {}

    /** Their directives, the one that comes first before the others. */
    public static String directives() throws JMException {
        return answer("compilerDirectivesPrint");
    }

    /** Removes what was added. */
    public static void clearDirectives() throws JMException {
        answer("compilerDirectivesClear");
    }

    private static String answer(String command) throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        command,
                        new Object[0],
                        new String[0]);
    }
}
