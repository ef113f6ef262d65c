using System.Runtime.CompilerServices;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// Guards what recurses over data: comparing, hashing and printing containers. Past the stack's reserve it is Python's
/// RecursionError, not a crash; and as containers may share their items many times over, every visit counts as a step.
/// </summary>
internal static class Recursion
{
    /// <summary>The rendering in progress on this thread.</summary>
    [ThreadStatic]
    public static RenderContext? Payer;

    public static void Check(int cost = 1)
    {
        CheckStack();
        Payer?.Charge(cost);
    }

    /// <summary>Accounts for reading so many characters, where that is work worth counting.</summary>
    public static void ChargeReading(int length)
    {
        if (length >= RenderContext.CharactersPerStep)
        {
            Payer?.Charge(length / RenderContext.CharactersPerStep);
        }
    }

    public static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw PythonError.Recursion();
        }
    }
}
