package dev.ingot.agent.weave;

import dev.ingot.runtime.ClassSites;

/**
 * A woven class.
 *
 * @param bytes its class file
 * @param sites where in it a capture can happen
 * @param outgrown whether a method that HotSpot would compile has become too large for that
 */
@SuppressWarnings("ArrayRecordComponent") // A class file; no two are ever compared.
public record WovenClass(byte[] bytes, ClassSites sites, boolean outgrown) {}
