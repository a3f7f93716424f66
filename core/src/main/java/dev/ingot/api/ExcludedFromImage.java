package dev.ingot.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Leaves a field out of images: in a resumed JVM it has the default value of its type, in the JVM that took the image it keeps
 * its value. For caches and handles that the program can make anew. The modifier {@code transient} does not do this, because a
 * checkpoint is no serialization: what a program keeps in a transient field it expects to find there.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ExcludedFromImage {}
