namespace Workbench.Web.Starter;

/// <summary>What a held-out question asks about; each part is measured for itself.</summary>
internal enum StarterPart
{
    /// <summary>What is so in the made-up world: asked of residents that no row for fine-tuning asks about.</summary>
    Facts,

    /// <summary>Sums of two two-digit numbers that no text and no row holds.</summary>
    Sums,

    /// <summary>Stories of heroes that no row for fine-tuning tells of.</summary>
    Stories,

    /// <summary>Who it is, in wordings that no row holds.</summary>
    Identity,
}

/// <summary>One request and its answer.</summary>
/// <param name="Part">What it is about.</param>
/// <param name="Request">What the user says.</param>
/// <param name="Answer">What the assistant should say.</param>
/// <param name="Expect">Words that any good answer holds.</param>
internal sealed record StarterConversation(StarterPart Part, string Request, string Answer, IReadOnlyList<string> Expect);

/// <summary>Two answers to one request, the better first.</summary>
internal sealed record StarterPair(string Request, string Chosen, string Rejected);
