package dev.ingot.core.heap;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Classes of the JDK that some versions have under another name. Where its fields differ as well, a codec carries what its objects hold. */
final class RenamedClasses {
    private static final String FINALIZED_EXECUTOR =
            "java.util.concurrent.Executors$FinalizableDelegatedExecutorService";
    private static final String CLEANED_EXECUTOR =
            "java.util.concurrent.Executors$AutoShutdownDelegatedExecutorService";

    private static final String XERCES = "com.sun.org.apache.xerces.internal.utils.";
    private static final String XALAN = "com.sun.org.apache.xalan.internal.utils.";
    private static final String XML = "jdk.xml.internal.";

    /**
     * By name the other one. Of those of XML later JDKs have one where earlier ones have two, so that which of them it was cannot be told
     * the other way round.
     */
    private static final Map<String, String> OTHER_NAMES = Map.of(
            FINALIZED_EXECUTOR,
            CLEANED_EXECUTOR,
            CLEANED_EXECUTOR,
            FINALIZED_EXECUTOR,
            "java.time.format.DateTimeFormatterBuilder$NanosPrinterParser",
            "java.time.format.DateTimeFormatterBuilder$FractionPrinterParser",
            "sun.nio.fs.UnixFileSystem$3",
            "sun.nio.fs.UnixFileSystem$1",
            XERCES + "XMLSecurityManager",
            XML + "XMLSecurityManager",
            XERCES + "XMLSecurityPropertyManager",
            XML + "XMLSecurityPropertyManager",
            XALAN + "XMLSecurityPropertyManager",
            XML + "XMLSecurityPropertyManager",
            XERCES + "XMLLimitAnalyzer",
            XML + "XMLLimitAnalyzer");

    private RenamedClasses() {}

    /** The name that another version of the JDK has for its class {@code name}, or null if there is none. */
    static @Nullable String otherName(String name) {
        return OTHER_NAMES.get(name);
    }

    /** Whether a field whose type was {@code descriptor} in the image may hold here what it held there. */
    static boolean isSame(String descriptor, Class<?> type) {
        if (type.descriptorString().equals(descriptor)) {
            return true;
        }
        String other = descriptor.startsWith("L")
                ? OTHER_NAMES.get(
                        descriptor.substring(1, descriptor.length() - 1).replace('/', '.'))
                : null;
        return other != null && type.getClassLoader() == null && type.getName().equals(other);
    }
}
