namespace Workbench.Data.Formats;

/// <summary>The shapes of a training row that are understood; the names are TRL's.</summary>
public enum RowShape
{
    /// <summary><c>{"messages":[{"role","content"} …]}</c>: conversational.</summary>
    Messages,

    /// <summary><c>{"prompt","completion"}</c>, each a text or a list of messages.</summary>
    PromptCompletion,

    /// <summary><c>{"input_ids","labels"}</c>: already tokenised, trained as it is.</summary>
    Tokenized,

    /// <summary>
    /// <c>{"chosen","rejected"}</c>, with or without <c>prompt</c>: texts, lists of messages, or objects of <c>input_ids</c> and
    /// <c>labels</c>. A better and a worse answer.
    /// </summary>
    Preference,

    /// <summary><c>{"text"}</c>: language modelling.</summary>
    Text,

    /// <summary><c>{"prompt"}</c> alone, with what checks an answer to it: for sampling and evaluation, not for supervised training.</summary>
    Prompt,
}
