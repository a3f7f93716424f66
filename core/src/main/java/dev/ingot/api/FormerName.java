package dev.ingot.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a field was called before, so that images of programs in which it was get resumed with their value in this field. A field
 * of the class that has such a name now goes before.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FormerName {
    /** The former names. */
    String[] value();
}
