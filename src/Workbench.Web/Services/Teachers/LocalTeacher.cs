using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Chat.Templates;
using Workbench.Learning.Generation;

namespace Workbench.Web.Services.Teachers;

/// <summary>A model loaded here. Questions asked at the same time are computed together, each as if it were alone.</summary>
/// <param name="generator">The loaded model; not disposed.</param>
/// <param name="name">What tells this model from others, see <see cref="LocalWeights"/>.</param>
/// <param name="sampling">How to choose; the seed comes with each question.</param>
/// <param name="clock">Time for templates that write it.</param>
/// <param name="concurrency">Questions at the same time; at most <see cref="Generator.MaxTogether"/> are computed together.</param>
public sealed class LocalTeacher(Generator generator, string name, SamplingOptions sampling, TimeProvider clock, int concurrency = Generator.MaxTogether) : ITeacher
{
    public string Identity { get; } = JsonSerializer.Serialize(new { model = name, sampling });

    public int Concurrency { get; } = Math.Min(concurrency, Generator.MaxTogether);

    public Task<TeacherAnswer> AnswerAsync(Question question, CancellationToken cancellationToken) =>
        Task.Run(() => Answer(question, cancellationToken), cancellationToken);

    private TeacherAnswer Answer(Question question, CancellationToken cancellationToken)
    {
        if (generator.Tokenizer.ChatTemplate is null)
        {
            throw new UserInputException("The teacher brings no chat template.", "Name a model that was trained to answer, or put chat_template.jinja into its folder.", name);
        }

        try
        {
            var prompt = PromptBuilder.FromMessages(generator.Tokenizer, template: null, Request(question), clock.GetLocalNow().DateTime, cancellationToken);
            var answer = generator.Generate(prompt.Ids, sampling with { Seed = question.Seed }, cancellationToken);
            return new TeacherAnswer(
                JsonSerializer.SerializeToElement(new { role = "assistant", content = answer.Text }), answer.FinishReason, answer.PromptTokens, answer.CompletionTokens);
        }
        catch (Exception exception) when (exception is TemplateException or GenerationException)
        {
            throw new RefusedQuestionException(exception.Message, exception);
        }
    }

    private static JsonElement Request(Question question)
    {
        var request = new JsonObject { ["messages"] = JsonArray.Create(question.Messages) };
        if (question.Tools is { } tools)
        {
            request["tools"] = JsonArray.Create(tools);
        }

        return JsonSerializer.SerializeToElement(request);
    }
}
