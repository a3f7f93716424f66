package dev.ingot.core.image;

/** The JDK a program ran on: {@code java.version}, {@code java.vendor}, {@code java.home}. */
public record JdkDescription(String version, String vendor, String home) {
    static JdkDescription ofThisProcess() {
        return new JdkDescription(
                System.getProperty("java.version", ""),
                System.getProperty("java.vendor", ""),
                System.getProperty("java.home", ""));
    }
}
