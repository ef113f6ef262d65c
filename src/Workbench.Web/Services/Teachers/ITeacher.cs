using System.Text.Json;

namespace Workbench.Web.Services.Teachers;

/// <summary>What a teacher is asked.</summary>
/// <param name="Messages">The conversation up to the answer, a list of messages.</param>
/// <param name="Tools">Tools that the answer may call; null for none.</param>
/// <param name="Seed">Seed of this answer: the same in every run, whatever the order.</param>
public sealed record Question(JsonElement Messages, JsonElement? Tools, int Seed);

/// <summary>What it answers.</summary>
/// <param name="Message">The assistant's message.</param>
/// <param name="FinishReason">stop, length, tool_calls …; in OpenAI's words.</param>
/// <param name="PromptTokens">As the teacher counts.</param>
/// <param name="CompletionTokens">As the teacher counts.</param>
public sealed record TeacherAnswer(JsonElement Message, string FinishReason, int PromptTokens, int CompletionTokens);

/// <summary>The teacher refuses this one question (too long, a role that its template does not know); others may go on.</summary>
public sealed class RefusedQuestionException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A model that answers: one that is loaded here, or one behind an endpoint.</summary>
public interface ITeacher
{
    /// <summary>Its name, with all settings that shape an answer: part of the key under which answers are kept.</summary>
    string Identity { get; }

    /// <summary>How many questions it is asked at the same time.</summary>
    int Concurrency { get; }

    /// <summary>One answer.</summary>
    /// <exception cref="RefusedQuestionException">This question has no answer.</exception>
    /// <exception cref="UserInputException">No question has one: the key is wrong, the endpoint is away.</exception>
    Task<TeacherAnswer> AnswerAsync(Question question, CancellationToken cancellationToken);
}
