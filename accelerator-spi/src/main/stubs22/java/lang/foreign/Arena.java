package java.lang.foreign;

/** As much of the JDK's own type as is compiled against here. It goes into no jar. */
public interface Arena {
    static Arena ofAuto() {
        throw new UnsupportedOperationException("a stub");
    }
}
