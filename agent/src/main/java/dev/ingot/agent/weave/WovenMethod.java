package dev.ingot.agent.weave;

import java.util.List;
import org.objectweb.asm.tree.LabelNode;

/**
 * What weaving a method gave.
 *
 * @param sites in the order of the code
 * @param begins per site the label at its instruction
 */
record WovenMethod(List<Site> sites, List<LabelNode> begins) {}
