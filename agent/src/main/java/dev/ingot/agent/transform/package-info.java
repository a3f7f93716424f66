/** The join between the JVM's class loading and the weaver: which classes are woven, when, and in which variant. */
@NullMarked
package dev.ingot.agent.transform;

import org.jspecify.annotations.NullMarked;
